// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import dev.whybox.image.Mask;
import dev.whybox.image.Region;
import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The head of YOLOv8's models for instance masks (task {@code segment}): the rows of {@link
 * GridHead}, then one coefficient per prototype; a second output has the prototypes. A mask is the
 * sum of the prototypes by the coefficients, above 0, inside the box (Bolya et al., "YOLACT:
 * real-time instance segmentation", 2019).
 *
 * @param grid the rows of boxes and classes
 * @param prototypes how many prototypes
 * @param rows their rows
 * @param columns their columns
 * @param cell the side of their cells, in pixels of the input
 */
record MaskHead(GridHead grid, int prototypes, int rows, int columns, float cell)
    implements OnGrid {
  static HeadKind kind() {
    return new HeadKind(List.of("segment"), MaskHead::of, MaskHead::description);
  }

  private static Optional<Head> of(Layout layout) {
    if (layout.outputs().size() < 2 || layout.outputs().get(1).length != 3) {
      return Optional.empty();
    }
    int[] second = layout.outputs().get(1);
    boolean square =
        second[1] > 0
            && second[2] > 0
            && (long) layout.width() * second[1] == (long) layout.height() * second[2];
    return square
        ? GridHead.followedBy(second[0], layout)
            .map(
                grid ->
                    new MaskHead(
                        grid, second[0], second[1], second[2], (float) layout.width() / second[2]))
        : Optional.empty();
  }

  private static String description(Layout layout) {
    int named = layout.names().size();
    return "YOLOv8's head for masks, [N,"
        + (named == 0 ? "4+classes" : 4 + named)
        + "+prototypes,anchors] with "
        + GridHead.usualAnchors(layout)
        + " anchors at this input size, and a second output [N,prototypes,height,width]";
  }

  @Override
  public List<Integer> outputs() {
    return List.of(0, 1);
  }

  @Override
  public List<Region.Kind> regions() {
    return List.of(Region.Kind.MASK, Region.Kind.BOX);
  }

  @Override
  public Reader reader() {
    return new MaskReader();
  }

  private final class MaskReader extends GridBased {
    private FloatBuffer source;
    private int base;
    private float[] copied;
    private boolean fresh;

    MaskReader() {
      super(grid);
    }

    @Override
    public void read(List<FloatBuffer> outputs, int image) {
      super.read(outputs, image);
      source = outputs.get(1);
      base = image * prototypes * rows * columns;
      fresh = false;
    }

    /** Copied once per image, and only where a mask is asked for. */
    private float[] prototypes() {
      if (copied == null) {
        copied = new float[prototypes * rows * columns];
      }
      if (!fresh) {
        source.get(base, copied);
        fresh = true;
      }
      return copied;
    }

    /** A cell more on each side than the box needs, for the interpolation. */
    @Override
    public Mask region(int candidate) {
      Box box = values.region(candidate);
      int x1 = within(Math.floor(box.x1() / cell) - 1, columns);
      int y1 = within(Math.floor(box.y1() / cell) - 1, rows);
      int width = Math.max(0, within(Math.ceil(box.x2() / cell) + 1, columns) - x1);
      int height = Math.max(0, within(Math.ceil(box.y2() / cell) + 1, rows) - y1);
      float[] from = prototypes();
      float[] logits = new float[width * height];
      int first = grid.rows() - prototypes;
      for (int k = 0; k < prototypes; k++) {
        float weight = values.value(first + k, candidate);
        for (int y = 0; y < height; y++) {
          int start = (k * rows + y1 + y) * columns + x1;
          int to = y * width;
          for (int x = 0; x < width; x++) {
            logits[to + x] += weight * from[start + x];
          }
        }
      }
      float sum = 0;
      for (float logit : logits) {
        sum += Math.abs(logit);
      }
      Detector.requireFinite(sum, candidate);
      return new Mask(box, x1 * cell, y1 * cell, cell, width, height, logits);
    }

    private static int within(double place, int size) {
      return (int) Math.min(Math.max(place, 0), size);
    }
  }
}
