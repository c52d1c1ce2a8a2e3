// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Colour maps, overlays, contact sheets, JSON and arrays. */
package dev.whybox.render;
