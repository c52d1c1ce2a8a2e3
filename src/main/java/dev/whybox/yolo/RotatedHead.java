// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import dev.whybox.image.Region;
import dev.whybox.image.RotatedBox;
import dev.whybox.yolo.HeadKind.Layout;
import java.util.List;

/**
 * The head of YOLOv8's models for rotated boxes (task {@code obb}): the rows of {@link GridHead},
 * where width and height lie along the box's own axes, then one row with its angle in radians.
 *
 * @param grid the rows of boxes and classes
 */
record RotatedHead(GridHead grid) implements OnGrid {
  static HeadKind kind() {
    return new HeadKind(
        List.of("obb"),
        layout -> GridHead.followedBy(1, layout).map(RotatedHead::new),
        RotatedHead::description);
  }

  private static String description(Layout layout) {
    int named = layout.names().size();
    return "YOLOv8's head for rotated boxes, [N,"
        + (named == 0 ? "4+classes+1" : 4 + named + 1)
        + ",anchors], with "
        + GridHead.usualAnchors(layout)
        + " anchors at this input size";
  }

  @Override
  public List<Region.Kind> regions() {
    return List.of(Region.Kind.ROTATED_BOX, Region.Kind.BOX);
  }

  @Override
  public Reader reader() {
    return new RotatedReader();
  }

  private final class RotatedReader extends GridBased {
    private final float[] angles = new float[grid.candidates()];

    RotatedReader() {
      super(grid);
    }

    /** Suppression compares the rotated boxes. */
    @Override
    public RotatedBox compared(int candidate) {
      return region(candidate);
    }

    @Override
    public RotatedBox region(int candidate) {
      return new RotatedBox(
          values.value(0, candidate),
          values.value(1, candidate),
          values.value(2, candidate),
          values.value(3, candidate),
          values.value(grid.rows() - 1, candidate));
    }

    @Override
    public void bounds(float[] x1, float[] y1, float[] x2, float[] y2) {
      values.row(0, x1);
      values.row(1, y1);
      values.row(2, x2);
      values.row(3, y2);
      values.row(grid.rows() - 1, angles);
      for (int a = 0; a < angles.length; a++) {
        Box box = new RotatedBox(x1[a], y1[a], x2[a], y2[a], angles[a]).bounds();
        // Not finite where one of the five numbers is not.
        float sum = Math.abs(box.x1()) + Math.abs(box.y1()) + Math.abs(box.x2() + box.y2());
        x1[a] = sum < Float.POSITIVE_INFINITY ? box.x1() : Float.NaN;
        y1[a] = box.y1();
        x2[a] = box.x2();
        y2[a] = box.y2();
      }
    }
  }
}
