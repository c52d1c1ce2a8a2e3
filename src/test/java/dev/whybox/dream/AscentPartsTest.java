// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The parts of gradient ascent against their definitions. */
class AscentPartsTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 10;
  private static final int PLANE = HEIGHT * WIDTH;

  private static float[] random(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void theInverseTransformIsTheSumOfWaves() {
    Fourier fourier = new Fourier(HEIGHT, WIDTH);
    float[] spectrum = random(fourier.size(), 1);
    float[] plane = new float[PLANE];
    fourier.inverse(spectrum, 0, plane, 0);
    int columns = fourier.columns();
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double sum = 0;
        for (int k = 0; k < HEIGHT; k++) {
          for (int l = 0; l < columns; l++) {
            double angle = 2 * Math.PI * ((double) k * y / HEIGHT + (double) l * x / WIDTH);
            sum += spectrum[k * columns + l] * Math.cos(angle);
            sum -= spectrum[(HEIGHT + k) * columns + l] * Math.sin(angle);
          }
        }
        assertEquals(sum / Math.sqrt(PLANE), plane[y * WIDTH + x], 1e-5);
      }
    }
  }

  @Test
  void theTransformsAdjointIsItsAdjoint() {
    Fourier fourier = new Fourier(HEIGHT, WIDTH);
    float[] spectrum = random(fourier.size(), 2);
    float[] plane = random(PLANE, 3);
    float[] forth = new float[PLANE];
    float[] back = new float[fourier.size()];
    fourier.inverse(spectrum, 0, forth, 0);
    fourier.adjoint(plane, 0, back, 0);
    assertEquals(dot(forth, plane), dot(spectrum, back), 1e-4);
  }

  @Test
  void aViewsAdjointIsItsAdjoint() {
    Warp warp = new Warp(HEIGHT, WIDTH);
    Affine view = Affine.of(WIDTH, HEIGHT, 7, 1.1, 1.3, -0.6);
    float[] picture = random(3 * PLANE, 4);
    float[] gradient = random(3 * PLANE, 5);
    float[] seen = new float[3 * PLANE];
    float[] ground = new float[3 * PLANE];
    float[] back = new float[3 * PLANE];
    warp.apply(view, picture, seen);
    warp.apply(view, new float[3 * PLANE], ground); // Pixels outside the picture are gray, not 0.
    warp.adjoint(view, gradient, back);
    assertEquals(dot(seen, gradient) - dot(ground, gradient), dot(picture, back), 1e-4);
  }

  @Test
  void aPlaceOfThePictureIsFoundInItsView() {
    Affine view = Affine.of(WIDTH, HEIGHT, 7, 1.1, 1.3, -0.6);
    double[] seen = view.toView(3, 2);
    assertEquals(3, view.xx() * seen[0] + view.xy() * seen[1] + view.x0(), 1e-12);
    assertEquals(2, view.yx() * seen[0] + view.yy() * seen[1] + view.y0(), 1e-12);
    assertArrayEquals(new double[] {5, 1}, Affine.of(9, 9, 0, 1, 2, -1).toView(3, 2), 1e-12);
  }

  @Test
  void aMoveByWholePixelsMovesThem() {
    float[] picture = random(3 * PLANE, 6);
    float[] seen = new float[3 * PLANE];
    new Warp(HEIGHT, WIDTH).apply(Affine.of(WIDTH, HEIGHT, 0, 1, 2, 1), picture, seen);
    for (int y = 1; y < HEIGHT; y++) {
      for (int x = 2; x < WIDTH; x++) {
        assertEquals(picture[(y - 1) * WIDTH + x - 2], seen[y * WIDTH + x], 1e-5);
      }
    }
    assertEquals(114 / 255f, seen[0], 1e-6);
  }

  @Test
  void thePaintingsGradientIsThatOfCentralDifferences() {
    Painting painting = new Painting(HEIGHT, WIDTH, 1.3, 0);
    float[] parameters = painting.parameters();
    System.arraycopy(random(parameters.length, 7), 0, parameters, 0, parameters.length);
    float[] picture = new float[3 * PLANE];
    float[] weights = random(3 * PLANE, 8);
    float[] gradient = new float[parameters.length];
    painting.paint(picture);
    painting.adjoint(picture, weights, gradient);
    double largest = 0;
    for (float value : gradient) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < parameters.length; i += 7) {
      float before = parameters[i];
      float step = 1e-2f;
      parameters[i] = before + step;
      painting.paint(picture);
      double above = dot(picture, weights);
      parameters[i] = before - step;
      painting.paint(picture);
      double below = dot(picture, weights);
      parameters[i] = before;
      assertEquals((above - below) / (2 * step), gradient[i], 2e-3 * largest, "parameter " + i);
    }
  }

  /** Horizontal and vertical stripes of the same frequency grow at the same rate. */
  @Test
  void aStepChangesWavesOfEveryDirectionAlike() {
    int side = 12;
    double[] change = new double[2];
    for (int upright = 0; upright < 2; upright++) {
      Painting painting = new Painting(side, side, 1.3, 0);
      float[] parameters = painting.parameters();
      Arrays.fill(parameters, 0);
      float[] before = new float[3 * side * side];
      painting.paint(before);
      float[] weights = new float[before.length];
      for (int i = 0; i < weights.length; i++) {
        int place = upright == 1 ? i % side : i / side % side;
        weights[i] = (float) Math.cos(2 * Math.PI * 2 * place / side);
      }
      float[] gradient = new float[parameters.length];
      painting.adjoint(before, weights, gradient);
      // As Adam's first step: each parameter that matters moves by the same amount.
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] = Math.abs(gradient[i]) > 1e-3 ? Math.signum(gradient[i]) * 1e-3f : 0;
      }
      float[] after = new float[before.length];
      painting.paint(after);
      change[upright] = dot(after, weights) - dot(before, weights);
    }
    assertTrue(change[0] > 0);
    assertEquals(change[0], change[1], 1e-4 * change[0]);
  }

  @Test
  void adamsFirstStepsAreThoseOfThePaper() {
    Adam adam = new Adam(2, 0.1);
    float[] parameters = {1, 1};
    adam.step(parameters, new float[] {3, -0.5f});
    // m̂ = g and v̂ = g², so each step is as long as the rate, uphill.
    assertArrayEquals(new float[] {1.1f, 0.9f}, parameters, 1e-6f);
    adam.step(parameters, new float[] {-3, -0.5f});
    // First: m = 0.9·0.1·3 − 0.1·3 = −0.03, m̂ = −0.03/0.19; v̂ = 9.
    assertArrayEquals(
        new float[] {1.1f - (float) (0.1 * 0.03 / 0.19 / 3), 0.8f}, parameters, 1e-6f);
  }
}
