// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The papers' formulas, worked out by hand on two channels of 2×2 cells. */
class LayerMethodTest {
  private static final float[] ACTIVATIONS = {1, 2, 3, 4, /* */ 2, 0, 0, 2};
  private static final float[] GRADIENTS = {1, 0, 0, 1, /* */ -1, 0, 0, 0};

  private static void check(LayerMethod method, double... expected) {
    float[] found = method.map(ACTIVATIONS, GRADIENTS, 2);
    assertEquals(expected.length, found.length);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i], found[i], 1e-6, method.name() + " " + i);
    }
  }

  @Test
  void gradCamWeighsByMeanGradients() {
    check(new GradCam(), 0, 1, 1.5, 1.5); // weights 1/2 and −1/4
  }

  @Test
  void gradCamPlusPlusWeighsByAlpha() {
    // ΣA = 10, so α = 1 / (2 + 10) at both gradients of 1; the second channel has no positive one.
    check(new GradCamPlusPlus(), 1 / 6.0, 2 / 6.0, 3 / 6.0, 4 / 6.0);
  }

  @Test
  void hiResCamMultipliesInPlace() {
    check(new HiResCam(), 0, 0, 0, 4); // the first cell has 1 − 2, cut off
  }

  @Test
  void layerCamLeavesNegativeGradientsOut() {
    check(new LayerCam(), 1, 0, 0, 4);
  }

  @Test
  void xGradCamWeighsGradientsByActivations() {
    check(new XGradCam(), 0, 1, 1.5, 1); // weights 5/10 and −2/4
  }

  /** Of a model that is linear in the layer, gradient times activation is the whole logit. */
  @Test
  void hiResCamSumsToTheLogit() {
    float[] weights = {0.5f, 1, 0, 2, 1, 3, 0.25f, 1};
    double logit = 0;
    for (int i = 0; i < weights.length; i++) {
      logit += weights[i] * ACTIVATIONS[i];
    }
    double sum = 0;
    for (float value : new HiResCam().map(ACTIVATIONS, weights, 2)) {
      sum += value;
    }
    assertEquals(logit, sum, 1e-6);
  }

  @Test
  void channelsThatCancelOutDoNotExplode() {
    float[] activations = {1, -1, 1, -1};
    assertArrayEquals(
        new float[4], new XGradCam().map(activations, new float[] {1, 0, 0, 0}, 1), 0);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,9", "5,1", "7,16", "16,7", "33,50"})
  void eigenCamProjectsOnTheFirstSingularVector(int channels, int positions) {
    Random random = new Random(channels);
    float[] activations = new float[channels * positions];
    SimpleMatrix rows = new SimpleMatrix(positions, channels);
    for (int i = 0; i < activations.length; i++) {
      activations[i] = random.nextFloat() - 0.2f;
      rows.set(i % positions, i / positions, activations[i]);
    }
    SimpleMatrix projected = rows.mult(rows.svd().getV().getColumn(0));
    double sign = projected.elementSum() < 0 ? -1 : 1;
    float[] found = new EigenCam().map(activations, new float[activations.length], channels);
    for (int p = 0; p < positions; p++) {
      assertEquals(Math.max(0, sign * projected.get(p)), found[p], 1e-4);
    }
  }

  @Test
  void everyMethodTakesLayers() {
    for (LayerMethod method :
        List.of(
            new GradCam(),
            new GradCamPlusPlus(),
            new HiResCam(),
            new LayerCam(),
            new XGradCam(),
            new EigenCam())) {
      assertEquals(List.of(), method.layers());
      LayerMethod other = method.withLayers(List.of("a", "b"));
      assertEquals(List.of("a", "b"), other.layers());
      assertEquals(method.getClass(), other.getClass());
      assertEquals("a,b", other.parameters().get("layers"));
    }
  }
}
