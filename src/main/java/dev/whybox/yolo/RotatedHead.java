// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import dev.whybox.image.Region;
import dev.whybox.image.RotatedBox;
import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The head of YOLOv8's models for rotated boxes (task {@code obb}): the rows of {@link GridHead},
 * where width and height lie along the box's own axes, then one row with its angle in radians.
 *
 * @param grid the rows of boxes and classes
 */
record RotatedHead(GridHead grid) implements Head {
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
  public List<Integer> outputs() {
    return grid.outputs();
  }

  @Override
  public int candidates() {
    return grid.candidates();
  }

  @Override
  public boolean boxes() {
    return false;
  }

  @Override
  public List<Region.Kind> regions() {
    return List.of(Region.Kind.ROTATED_BOX, Region.Kind.BOX);
  }

  @Override
  public int classes() {
    return grid.classes();
  }

  @Override
  public Reader reader() {
    return new RotatedReader();
  }

  @Override
  public Objective objective(int classId, int candidate) {
    return grid.objective(classId, candidate);
  }

  @Override
  public Objective coordinate(int which, int candidate) {
    return grid.coordinate(which, candidate);
  }

  @Override
  public double probability(double logit) {
    return grid.probability(logit);
  }

  @Override
  public Optional<DeviceLayout> device() {
    return Optional.empty();
  }

  private final class RotatedReader implements Reader {
    private final GridHead.GridReader rows = grid.reader();
    private final float[] angles = new float[grid.candidates()];

    @Override
    public void read(List<FloatBuffer> outputs, int image) {
      rows.read(outputs, image);
    }

    @Override
    public RotatedBox region(int candidate) {
      return new RotatedBox(
          rows.value(0, candidate),
          rows.value(1, candidate),
          rows.value(2, candidate),
          rows.value(3, candidate),
          rows.value(grid.rows() - 1, candidate));
    }

    @Override
    public float probability(int classId, int candidate) {
      return rows.probability(classId, candidate);
    }

    @Override
    public void probabilities(int classId, float[] into) {
      rows.probabilities(classId, into);
    }

    @Override
    public void bounds(float[] x1, float[] y1, float[] x2, float[] y2) {
      rows.row(0, x1);
      rows.row(1, y1);
      rows.row(2, x2);
      rows.row(3, y2);
      rows.row(grid.rows() - 1, angles);
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
