// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The raw head of YOLOv8 and its kin: rows centre x, centre y, width, height in input pixels, then
 * one row of probabilities per class, then rows of other tasks (mask coefficients, keypoints). Each
 * row has one value per anchor.
 *
 * @param classes how many classes
 * @param rows how many rows, at least {@code 4 + classes}
 * @param candidates how many anchors
 * @param anchorsFirst whether the layout is [anchors, rows] instead of the usual [rows, anchors]
 */
record GridHead(int classes, int rows, int candidates, boolean anchorsFirst) implements Head {
  private static final int BOX_ROWS = 4;

  /** Strides of the detection layers: the usual P3 to P5, and the variants with P2 and with P6. */
  private static final List<int[]> STRIDES =
      List.of(new int[] {8, 16, 32}, new int[] {4, 8, 16, 32}, new int[] {8, 16, 32, 64});

  /** This kind of head, and the tasks whose boxes and classes it reads. */
  static HeadKind kind() {
    return new HeadKind(List.of("detect", "pose"), GridHead::of, GridHead::description);
  }

  /** Finds out which axis is which: the anchors are as many as the input has grid cells. */
  static Optional<Head> of(Layout layout) {
    int[] output = layout.output();
    if (output.length != 2) {
      return Optional.empty();
    }
    boolean anchorsLast = isAnchors(output[1], layout);
    int rows = anchorsLast ? output[0] : output[1];
    int anchors = anchorsLast ? output[1] : output[0];
    int named = layout.names().size();
    boolean plain = layout.task().equals("detect") && named > 0;
    boolean fits = plain ? rows == BOX_ROWS + named : rows >= BOX_ROWS + Math.max(1, named);
    return isAnchors(anchors, layout) && fits
        ? Optional.of(
            new GridHead(named == 0 ? rows - BOX_ROWS : named, rows, anchors, !anchorsLast))
        : Optional.empty();
  }

  /**
   * The head of a model whose rows of classes are followed by rows of another task.
   *
   * @param extra how many rows follow
   * @return empty where the layout is another one
   */
  static Optional<GridHead> followedBy(int extra, Layout layout) {
    return of(layout)
        .map(GridHead.class::cast)
        .map(
            head ->
                layout.names().isEmpty()
                    ? new GridHead(
                        head.classes - extra, head.rows, head.candidates, head.anchorsFirst)
                    : head)
        .filter(head -> head.classes > 0 && head.rows == BOX_ROWS + head.classes + extra);
  }

  private static boolean isAnchors(int count, Layout layout) {
    return STRIDES.stream().anyMatch(strides -> cells(layout, strides) == count);
  }

  private static String description(Layout layout) {
    int named = layout.names().size();
    return "the raw YOLOv8 head, [N,"
        + (named == 0 ? "4+classes" : BOX_ROWS + named)
        + ",anchors], with "
        + cells(layout, STRIDES.get(0))
        + " anchors at this input size";
  }

  /** How many anchors a model has that has the usual strides, for messages. */
  static long usualAnchors(Layout layout) {
    return cells(layout, STRIDES.get(0));
  }

  private static long cells(Layout layout, int[] strides) {
    return Arrays.stream(strides)
        .mapToLong(stride -> (long) ceil(layout.height(), stride) * ceil(layout.width(), stride))
        .sum();
  }

  private static int ceil(int size, int stride) {
    return (size + stride - 1) / stride;
  }

  /** Values per image. */
  int size() {
    return rows * candidates;
  }

  @Override
  public List<Integer> outputs() {
    return List.of(0);
  }

  @Override
  public boolean boxes() {
    return true;
  }

  @Override
  public GridReader reader() {
    return new GridReader();
  }

  @Override
  public Objective objective(int classId, int candidate) {
    return element(BOX_ROWS + classId, candidate);
  }

  @Override
  public Objective coordinate(int which, int candidate) {
    return element(which, candidate);
  }

  private Objective element(int row, int anchor) {
    return anchorsFirst ? Objective.of(0, 0, anchor, row) : Objective.of(0, 0, row, anchor);
  }

  @Override
  public double probability(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  @Override
  public Optional<DeviceLayout> device() {
    return Optional.of(new DeviceLayout(rows, candidates, anchorsFirst, classes));
  }

  /** Reads rows: single bulk copies in the usual layout. */
  final class GridReader implements Reader {
    private FloatBuffer output;
    private int base;

    @Override
    public void read(List<FloatBuffer> outputs, int image) {
      output = outputs.get(0);
      base = image * size();
    }

    /** A row of all anchors. */
    void row(int row, float[] into) {
      if (anchorsFirst) {
        for (int a = 0; a < candidates; a++) {
          into[a] = output.get(base + a * rows + row);
        }
      } else {
        output.get(base + row * candidates, into, 0, candidates);
      }
    }

    /** A row of one anchor. */
    float value(int row, int anchor) {
      return output.get(base + (anchorsFirst ? anchor * rows + row : row * candidates + anchor));
    }

    @Override
    public Box region(int anchor) {
      float x = value(0, anchor);
      float y = value(1, anchor);
      float halfWidth = value(2, anchor) / 2;
      float halfHeight = value(3, anchor) / 2;
      return new Box(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
    }

    @Override
    public float probability(int classId, int anchor) {
      return value(BOX_ROWS + classId, anchor);
    }

    @Override
    public void probabilities(int classId, float[] into) {
      row(BOX_ROWS + classId, into);
    }

    @Override
    public void bounds(float[] x1, float[] y1, float[] x2, float[] y2) {
      row(0, x1);
      row(1, y1);
      row(2, x2);
      row(3, y2);
      for (int a = 0; a < candidates; a++) {
        float x = x1[a];
        float y = y1[a];
        float sum = Math.abs(x) + Math.abs(y) + Math.abs(x2[a]) + Math.abs(y2[a]);
        float halfWidth = x2[a] * 0.5f;
        float halfHeight = y2[a] * 0.5f;
        x1[a] = sum < Float.POSITIVE_INFINITY ? x - halfWidth : Float.NaN;
        x2[a] = x + halfWidth;
        y1[a] = y - halfHeight;
        y2[a] = y + halfHeight;
      }
    }
  }
}
