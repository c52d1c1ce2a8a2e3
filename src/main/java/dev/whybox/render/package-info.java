// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Pictures of results: maps over images, contact sheets, sheets of feature maps and kernels, plots.
 * The texts in them come from the package {@code report}. Start at {@link
 * dev.whybox.render.Overlay}, the picture of one explanation.
 */
package dev.whybox.render;
