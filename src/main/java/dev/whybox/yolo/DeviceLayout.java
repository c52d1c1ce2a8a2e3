// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

/**
 * Where a head's values lie in its first output, as the scoring kernel of a GPU reads them: four
 * rows of a box's centre and size, then one row of probabilities per class.
 *
 * @param rows values per candidate
 * @param candidates how many candidates
 * @param candidatesFirst whether the layout is [candidates, rows] instead of [rows, candidates]
 * @param classes how many classes
 */
public record DeviceLayout(int rows, int candidates, boolean candidatesFirst, int classes) {}
