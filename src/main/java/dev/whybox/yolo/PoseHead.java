// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Keypoints;
import dev.whybox.image.Keypoints.Point;
import dev.whybox.image.Region;
import dev.whybox.yolo.HeadKind.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of YOLOv8's models for keypoints (task {@code pose}): the rows of {@link GridHead}, then
 * x, y and, in most models, the confidence of each keypoint. Behind the classes' probabilities come
 * those of the keypoints: the number {@code classes + k} is the confidence of keypoint k.
 *
 * @param grid the rows of boxes and classes
 * @param points how many keypoints
 * @param rowsEach 3 rows per keypoint, or 2 without confidences
 */
record PoseHead(GridHead grid, int points, int rowsEach) implements OnGrid {
  private static final Pattern SHAPE = Pattern.compile("\\[\\s*(\\d{1,4})\\s*,\\s*([23])\\s*]");

  static HeadKind kind() {
    return new HeadKind(List.of("pose"), PoseHead::of, PoseHead::description);
  }

  private static Optional<Head> of(Layout layout) {
    Matcher shape = SHAPE.matcher(layout.metadata().getOrDefault("kpt_shape", ""));
    if (!shape.matches()) {
      return Optional.empty();
    }
    int points = Integer.parseInt(shape.group(1));
    int each = Integer.parseInt(shape.group(2));
    return points == 0
        ? Optional.empty()
        : GridHead.followedBy(points * each, layout).map(grid -> new PoseHead(grid, points, each));
  }

  private static String description(Layout layout) {
    int named = layout.names().size();
    return "YOLOv8's head for keypoints, [N,"
        + (named == 0 ? "4+classes" : 4 + named)
        + "+keypoint rows,anchors], with "
        + GridHead.usualAnchors(layout)
        + " anchors at this input size, and kpt_shape such as [17, 3] in the metadata";
  }

  @Override
  public List<Region.Kind> regions() {
    return List.of(Region.Kind.KEYPOINTS, Region.Kind.BOX);
  }

  /** A keypoint that is chosen is scored by its own confidence, where the model has some. */
  @Override
  public int scored(Target target) {
    return target.region() instanceof Keypoints body && body.chosen() >= 0 && rowsEach == 3
        ? classes() + body.chosen()
        : target.classId();
  }

  /** What stands behind the boxes' rows: a class, or a keypoint's confidence. */
  private int place(int number) {
    int keypoint = number - classes();
    return keypoint < 0 ? number : classes() + rowsEach * keypoint + 2;
  }

  @Override
  public Reader reader() {
    return new PoseReader();
  }

  @Override
  public Objective objective(int classId, int candidate) {
    return grid.objective(place(classId), candidate);
  }

  private final class PoseReader extends GridBased {
    PoseReader() {
      super(grid);
    }

    @Override
    public Keypoints region(int candidate) {
      List<Point> found = new ArrayList<>(points);
      for (int k = 0; k < points; k++) {
        int row = grid.rows() - (points - k) * rowsEach;
        float x = values.value(row, candidate);
        float y = values.value(row + 1, candidate);
        float confidence = rowsEach == 3 ? values.value(row + 2, candidate) : 1;
        Detector.requireFinite(x + y + confidence, candidate);
        found.add(new Point(x, y, confidence));
      }
      return new Keypoints(values.region(candidate), found, -1);
    }

    @Override
    public float probability(int classId, int candidate) {
      return values.probability(place(classId), candidate);
    }

    @Override
    public void probabilities(int classId, float[] into) {
      values.probabilities(place(classId), into);
    }
  }
}
