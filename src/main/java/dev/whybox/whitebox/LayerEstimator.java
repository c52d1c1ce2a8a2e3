// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.PassResult;
import dev.whybox.gradient.GradientPass;
import java.nio.FloatBuffer;
import java.util.List;

/** The map of a layer, or of several, in pixels of the content. */
final class LayerEstimator implements GradientEstimator {
  private final LayerMethod method;
  private final Pixels pixels;
  private final List<long[]> shapes;
  private float[] map;
  private float logit;

  /** {@code shapes}: [batch, channels, height, width] of each layer. */
  LayerEstimator(LayerMethod method, Pixels pixels, List<long[]> shapes) {
    this.method = method;
    this.pixels = pixels;
    this.shapes = shapes;
  }

  @Override
  public void accept(PassResult row) {
    logit = row.value();
    map = new float[pixels.plane()];
    for (int layer = 0; layer < shapes.size(); layer++) {
      long[] shape = shapes.get(layer);
      float[] cells =
          method.map(
              copy(row.activations().get(layer), shape),
              copy(row.gradients().get(layer), shape),
              (int) shape[1]);
      float[] fine = upsampled(cells, (int) shape[2], (int) shape[3]);
      float scale = shapes.size() == 1 ? 1 : 1 / (shapes.size() * Math.max(max(fine), 1e-30f));
      for (int i = 0; i < map.length; i++) {
        map[i] += scale * fine[i];
      }
    }
  }

  private static float[] copy(FloatBuffer buffer, long[] shape) {
    float[] values = new float[Math.toIntExact(shape[1] * shape[2] * shape[3])];
    buffer.get(0, values);
    return values;
  }

  private static float max(float[] values) {
    float max = 0;
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw GradientPass.infinite(value);
      }
      max = Math.max(max, value);
    }
    return max;
  }

  /**
   * The layer covers the whole input; what lies on the padding is left out, and what it does not
   * see stays 0.
   */
  private float[] upsampled(float[] cells, int rows, int columns) {
    var box = pixels.letterbox();
    float[] fine = new float[pixels.plane()];
    float[] across = new float[pixels.width()];
    for (int x = 0; x < across.length; x++) {
      across[x] = place(x + box.left(), columns, box.inputWidth());
    }
    for (int y = box.visibleTop(); y < box.visibleBottom(); y++) {
      float v = place(y + box.top(), rows, box.inputHeight());
      int y0 = (int) v;
      int y1 = Math.min(y0 + 1, rows - 1);
      for (int x = box.visibleLeft(); x < box.visibleRight(); x++) {
        float u = across[x];
        int x0 = (int) u;
        int x1 = Math.min(x0 + 1, columns - 1);
        float upper = mix(cells[y0 * columns + x0], cells[y0 * columns + x1], u - x0);
        float lower = mix(cells[y1 * columns + x0], cells[y1 * columns + x1], u - x0);
        fine[y * pixels.width() + x] = mix(upper, lower, v - y0);
      }
    }
    return fine;
  }

  /** Where a pixel lies among the cells' middles. */
  private static float place(int pixel, int cells, int inputSize) {
    float at = (pixel + 0.5f) * cells / inputSize - 0.5f;
    return Math.min(Math.max(at, 0), cells - 1);
  }

  private static float mix(float a, float b, float share) {
    return a + share * (b - a);
  }

  @Override
  public Estimate estimate() {
    max(map);
    PixelValues values = new PixelValues(pixels.width(), pixels.height(), map, Double.NaN, false);
    return new Estimate(values, logit, Double.NaN, Double.NaN);
  }
}
