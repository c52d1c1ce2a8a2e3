// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import java.util.List;

/**
 * A body in a box, with its keypoints.
 *
 * @param box the body's box
 * @param points the keypoints, in the model's order, at least one; they may lie outside the box
 * @param chosen the number of the one that is asked about, or −1 for the whole body
 */
public record Keypoints(Box box, List<Point> points, int chosen) implements Region {
  /** From this confidence on Ultralytics takes a keypoint as seen. */
  private static final float SEEN = 0.5f;

  /** What part of a box Ultralytics takes as a body's area. */
  private static final double BODY = 0.53;

  /** COCO's order of a person's keypoints. */
  private static final List<String> PERSON =
      List.of(
          "nose",
          "left eye",
          "right eye",
          "left ear",
          "right ear",
          "left shoulder",
          "right shoulder",
          "left elbow",
          "right elbow",
          "left wrist",
          "right wrist",
          "left hip",
          "right hip",
          "left knee",
          "right knee",
          "left ankle",
          "right ankle");

  /** COCO's spread of each of them, relative to the body's size. */
  private static final double[] SPREADS = {
    0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107,
    0.087, 0.087, 0.089, 0.089
  };

  /**
   * A keypoint.
   *
   * @param x in pixels
   * @param y in pixels
   * @param confidence that it is seen, in [0,1]; 1 for models that do not tell
   */
  public record Point(float x, float y, float confidence) {}

  /**
   * Copies the list.
   *
   * @param box the body's box
   * @param points the keypoints, in the model's order, at least one
   * @param chosen the number of the one that is asked about, or −1 for the whole body
   */
  public Keypoints {
    points = List.copyOf(points);
  }

  @Override
  public Kind kind() {
    return Kind.KEYPOINTS;
  }

  /**
   * A keypoint's name.
   *
   * @param number its number, from 0
   * @return such as {@code left wrist} where there are COCO's 17, else such as {@code keypoint 3}
   */
  public String name(int number) {
    return points.size() == PERSON.size() ? PERSON.get(number) : "keypoint " + number;
  }

  /**
   * The same body, of which one keypoint is asked about.
   *
   * @param number the keypoint's number, from 0
   * @return the body with a choice
   */
  public Keypoints only(int number) {
    return new Keypoints(box, points, number);
  }

  /**
   * Whether a keypoint counts as seen.
   *
   * @param number its number, from 0
   * @return true from a confidence of 0.5 on, as Ultralytics has it
   */
  public boolean seen(int number) {
    return points.get(number).confidence() >= SEEN;
  }

  /**
   * Object keypoint similarity of COCO, as Ultralytics computes it: the mean of exp(−d² / (8 s² a))
   * over this body's seen keypoints, or over all where none is seen. d is the distance, a the part
   * 0.53 of this body's box, and s COCO's spread of a keypoint where there are 17, else one by
   * their number. If one keypoint is chosen here, it alone counts. With a region of another kind it
   * is the IoU of the bounds.
   */
  @Override
  public float similarity(Region other) {
    return other instanceof Keypoints body && body.points.size() == points.size()
        ? (float) objectKeypointSimilarity(body)
        : box.iou(other.bounds());
  }

  private double objectKeypointSimilarity(Keypoints other) {
    double area = BODY * box.area();
    if (!(area > 0)) {
      return 0;
    }
    if (chosen >= 0) {
      return closeness(other, chosen, area);
    }
    double sum = 0;
    double all = 0;
    int seen = 0;
    for (int i = 0; i < points.size(); i++) {
      double closeness = closeness(other, i, area);
      all += closeness;
      if (seen(i)) {
        sum += closeness;
        seen++;
      }
    }
    return seen > 0 ? sum / seen : all / points.size();
  }

  private double closeness(Keypoints other, int i, double area) {
    double dx = (double) points.get(i).x() - other.points.get(i).x();
    double dy = (double) points.get(i).y() - other.points.get(i).y();
    double spread = points.size() == SPREADS.length ? SPREADS[i] : 1.0 / points.size();
    return Math.exp(-(dx * dx + dy * dy) / (8 * spread * spread * area));
  }

  @Override
  public Box bounds() {
    return box;
  }

  /** The box; the keypoints are no lines. */
  @Override
  public List<float[]> outline() {
    return box.outline();
  }

  @Override
  public Keypoints moved(float dx, float dy) {
    return mapped(box.moved(dx, dy), 1, dx, dy);
  }

  /** Cuts the box; keypoints stay where they are. */
  @Override
  public Keypoints clip(float width, float height) {
    return new Keypoints(box.clip(width, height), points, chosen);
  }

  @Override
  public Keypoints toInput(Letterbox letterbox) {
    return mapped(letterbox.toInput(box), letterbox.ratio(), letterbox.left(), letterbox.top());
  }

  @Override
  public Keypoints toImage(Letterbox letterbox) {
    float back = 1 / letterbox.ratio();
    return mapped(letterbox.toImage(box), back, -letterbox.left() * back, -letterbox.top() * back);
  }

  private Keypoints mapped(Box to, float scale, float dx, float dy) {
    List<Point> moved =
        points.stream()
            .map(p -> new Point(p.x() * scale + dx, p.y() * scale + dy, p.confidence()))
            .toList();
    return new Keypoints(to, moved, chosen);
  }
}
