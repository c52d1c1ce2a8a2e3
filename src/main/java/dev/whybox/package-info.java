// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Why this box? The front door: open a model, detect, explain. */
package dev.whybox;
