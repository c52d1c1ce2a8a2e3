// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.yolo.InputChoice;

/**
 * Boxes of candidates as they are in a model.
 *
 * @param tensor its name
 * @param candidatesFirst whether the axes are [N,candidates,rows]
 * @param corners whether they are x1, y1, x2, y2 and not centre, width, height
 * @param shares whether they are shares of the input's sides and not pixels
 * @param size of the input
 */
record Boxes(
    String tensor, boolean candidatesFirst, boolean corners, boolean shares, InputChoice size) {
  static Boxes of(Table table, InputChoice size) {
    return new Boxes(
        table.tensor(), table.candidatesFirst(), table.corners(), table.shares(), size);
  }

  /** The whole tensor as [N,rows,candidates]. */
  String rowsFirst(GraphEdit edit) {
    return candidatesFirst ? edit.candidatesLast(tensor) : tensor;
  }

  /** Four rows of them as centre, width, height in pixels. */
  String written(GraphEdit edit, String rows) {
    String centred = corners ? edit.centred(rows) : rows;
    return shares ? edit.inPixels(centred, size.height(), size.width()) : centred;
  }

  /** What is said of them. */
  String text() {
    return (corners ? "boxes are corners" : "boxes are centre and size")
        + (shares ? " in shares of the input's sides" : " in pixels");
  }
}
