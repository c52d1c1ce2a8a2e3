// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Pictures: colour maps, overlays, contact sheets, plots. Words come from the package report. */
package dev.whybox.render;
