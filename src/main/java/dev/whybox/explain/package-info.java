// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** The methods: what turns scores into a map. */
package dev.whybox.explain;
