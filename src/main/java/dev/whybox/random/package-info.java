// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Random numbers that are a pure function of seed and place, the same on every backend. */
package dev.whybox.random;
