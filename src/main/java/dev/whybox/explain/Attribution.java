// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.perturb.Segments;

/**
 * What a method found, in the form the method finds it. Kept small; the map in image pixels is made
 * from it on demand.
 *
 * <p>Both kinds live on the <em>content</em>: the image as the letterbox has resized it, without
 * the padding.
 */
public sealed interface Attribution {

  /**
   * Whether values below zero mean "speaks against".
   *
   * @return true for LIME, SHAP, input × gradient and integrated gradients
   */
  boolean signed();

  /**
   * The map in image pixels.
   *
   * @param width the image's width
   * @param height the image's height
   * @return {@code height × width} values, row by row
   */
  float[] map(int width, int height);

  /**
   * One value per segment: LIME's coefficients, Shapley values.
   *
   * @param segments the players
   * @param values one value per segment
   * @param standardErrors their standard errors, zeros where the values are exact; NaN where too
   *     few samples were drawn to tell
   * @param covariance of the errors, segments × segments, its diagonal their squares; null where it
   *     is not known
   * @param cellErrors of each segment the standard error of {@link #density} as the value of any
   *     one of its cells: where it is a block of several, what its cells may differ by is counted
   */
  record SegmentValues(
      Segments segments,
      double[] values,
      double[] standardErrors,
      double[][] covariance,
      double[] cellErrors)
      implements Attribution {
    /**
     * Values of segments that are one cell each.
     *
     * @param segments the players
     * @param values one value per segment
     * @param standardErrors their standard errors
     * @param covariance of the errors; null where it is not known
     */
    public SegmentValues(
        Segments segments, double[] values, double[] standardErrors, double[][] covariance) {
      this(segments, values, standardErrors, covariance, standardErrors);
    }

    /**
     * Values whose errors' covariance is not known.
     *
     * @param segments the players
     * @param values one value per segment
     * @param standardErrors their standard errors
     */
    public SegmentValues(Segments segments, double[] values, double[] standardErrors) {
      this(segments, values, standardErrors, null);
    }

    /**
     * √(Σ SE² / Σ φ²): how large the errors are as a whole, in parts of the values.
     *
     * @return at least 0; 0 where all is known exactly, NaN where the errors are not known
     */
    public double relativeError() {
      double errors = 0;
      double squares = 0;
      for (int k = 0; k < values.length; k++) {
        errors += standardErrors[k] * standardErrors[k];
        squares += values[k] * values[k];
      }
      return errors == 0 ? 0 : Math.sqrt(errors / squares);
    }

    /**
     * What the map shows of a segment: its value, spread evenly where it is a block of several
     * cells of a grid.
     *
     * @param segment a number in [0, count)
     * @return the value per cell
     */
    public double density(int segment) {
      return values[segment] / segments.cells(segment);
    }

    @Override
    public boolean signed() {
      return true;
    }

    @Override
    public float[] map(int width, int height) {
      float[] map = new float[Math.multiplyExact(width, height)];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          map[y * width + x] = (float) density(segments.labelAt(x, y, width, height));
        }
      }
      return map;
    }
  }

  /**
   * One value a pixel of the content: D-RISE, gradients, layers.
   *
   * @param width the content's width
   * @param height the content's height
   * @param values {@code height × width} values, row by row
   * @param standardError the mean standard error of the values, in their unit; NaN where too few
   *     samples were drawn to tell, or the method knows none
   * @param signed whether values below zero mean "speaks against"
   */
  record PixelValues(int width, int height, float[] values, double standardError, boolean signed)
      implements Attribution {
    @Override
    public float[] map(int imageWidth, int imageHeight) {
      float[] map = new float[Math.multiplyExact(imageWidth, imageHeight)];
      float scaleX = (float) width / imageWidth;
      float scaleY = (float) height / imageHeight;
      for (int y = 0; y < imageHeight; y++) {
        float v = Math.min(Math.max((y + 0.5f) * scaleY - 0.5f, 0), height - 1);
        int y0 = (int) v;
        int y1 = Math.min(y0 + 1, height - 1);
        float fy = v - y0;
        for (int x = 0; x < imageWidth; x++) {
          float u = Math.min(Math.max((x + 0.5f) * scaleX - 0.5f, 0), width - 1);
          int x0 = (int) u;
          int x1 = Math.min(x0 + 1, width - 1);
          float fx = u - x0;
          float upper = values[y0 * width + x0] * (1 - fx) + values[y0 * width + x1] * fx;
          float lower = values[y1 * width + x0] * (1 - fx) + values[y1 * width + x1] * fx;
          map[y * imageWidth + x] = upper * (1 - fy) + lower * fy;
        }
      }
      return map;
    }
  }
}
