// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.perturb.Segments;

/**
 * The values of an explanation, in the form in which its method computes them: per segment or per
 * pixel. They are kept small; the map in image pixels is computed on demand.
 *
 * <p>Both forms refer to the <em>content</em>: the image as the letterbox has resized it, without
 * the padding.
 */
public sealed interface Attribution {

  /**
   * Whether values can be negative. A negative value speaks against the target.
   *
   * @return true for LIME, SHAP, input × gradient, integrated gradients and some CAM methods
   */
  boolean signed();

  /**
   * Computes the map in image pixels.
   *
   * @param width the image's width in pixels
   * @param height the image's height in pixels
   * @return {@code height × width} values, row by row
   */
  float[] map(int width, int height);

  /**
   * One value per segment: LIME's coefficients, or Shapley values.
   *
   * @param segments the players
   * @param values one value per segment
   * @param standardErrors one standard error per segment; 0 if the values are exact, NaN if there
   *     were too few samples to know
   * @param covariance the covariance of the errors, segments × segments; its diagonal holds the
   *     squares of the standard errors. Null if it is not known
   * @param cellErrors one standard error per segment, of {@link #density} as the value of any
   *     single cell. For a block of several cells it includes the differences between the cells
   */
  record SegmentValues(
      Segments segments,
      double[] values,
      double[] standardErrors,
      double[][] covariance,
      double[] cellErrors)
      implements Attribution {
    /**
     * Values of segments that each have one cell.
     *
     * @param segments the players
     * @param values one value per segment
     * @param standardErrors one standard error per segment
     * @param covariance the covariance of the errors; null if it is not known
     */
    public SegmentValues(
        Segments segments, double[] values, double[] standardErrors, double[][] covariance) {
      this(segments, values, standardErrors, covariance, standardErrors);
    }

    /**
     * Values with errors of unknown covariance.
     *
     * @param segments the players
     * @param values one value per segment
     * @param standardErrors one standard error per segment
     */
    public SegmentValues(Segments segments, double[] values, double[] standardErrors) {
      this(segments, values, standardErrors, null);
    }

    /**
     * The relative standard error: √(Σ SE² / Σ φ²), the size of all errors relative to all values.
     *
     * @return at least 0; 0 if the values are exact, NaN if the errors are not known
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
     * The value that the map shows for a segment. The value of a block of several cells is spread
     * evenly over the cells.
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
   * One value per pixel of the content: D-RISE, gradients, layers.
   *
   * @param width the content's width in pixels
   * @param height the content's height in pixels
   * @param values {@code height × width} values, row by row
   * @param standardError the mean standard error of the values, in their unit; NaN if there were
   *     too few samples to know, or if the method has no errors
   * @param signed whether values can be negative; a negative value speaks against the target
   */
  record PixelValues(int width, int height, float[] values, double standardError, boolean signed)
      implements Attribution {
    @Override
    public float[] map(int imageWidth, int imageHeight) {
      float[] map = new float[Math.multiplyExact(imageWidth, imageHeight)];
      float[] row = new float[imageWidth];
      for (int y = 0; y < imageHeight; y++) {
        row(y, imageHeight, row);
        System.arraycopy(row, 0, map, y * imageWidth, imageWidth);
      }
      return map;
    }

    /**
     * Computes one row of the map in image pixels.
     *
     * @param y the row, in [0, imageHeight)
     * @param imageHeight the image's height in pixels
     * @param row takes the values, one per pixel of the image's width
     */
    public void row(int y, int imageHeight, float[] row) {
      float scaleX = (float) width / row.length;
      float scaleY = (float) height / imageHeight;
      float v = Math.min(Math.max((y + 0.5f) * scaleY - 0.5f, 0), height - 1);
      int y0 = (int) v;
      int y1 = Math.min(y0 + 1, height - 1);
      float fy = v - y0;
      for (int x = 0; x < row.length; x++) {
        float u = Math.min(Math.max((x + 0.5f) * scaleX - 0.5f, 0), width - 1);
        int x0 = (int) u;
        int x1 = Math.min(x0 + 1, width - 1);
        float fx = u - x0;
        float upper = values[y0 * width + x0] * (1 - fx) + values[y0 * width + x1] * fx;
        float lower = values[y1 * width + x0] * (1 - fx) + values[y1 * width + x1] * fx;
        row[x] = upper * (1 - fy) + lower * fy;
      }
    }
  }
}
