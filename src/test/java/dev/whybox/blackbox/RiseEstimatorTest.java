// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.whybox.blackbox.Estimator.References;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.perturb.RiseMasks;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RiseEstimatorTest {
  private static final References UNUSED = new References(new float[2], new float[2]);

  @Test
  void sumsOnTheLatticeEqualSumsAtPixels() {
    int width = 23;
    int height = 9;
    int samples = 300;
    RiseMasks masks = new RiseMasks(width, height, 4, 0.5, 8);
    RiseEstimator estimator = new RiseEstimator(masks, 2, samples);
    Random random = new Random(1);
    float[] scores = new float[samples * 2];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextFloat();
    }
    estimator.accept(0, 100, scores);
    float[] rest = java.util.Arrays.copyOfRange(scores, 200, scores.length);
    estimator.accept(100, samples - 100, rest);

    double[][] above = new double[2][width * height];
    double[] below = new double[width * height];
    RiseMasks.Lattice lattice = masks.lattice();
    for (int i = 0; i < samples; i++) {
      lattice.draw(i);
      for (int p = 0; p < below.length; p++) {
        float u = masks.coordinates(width, lattice.phaseX())[p % width];
        float v = masks.coordinates(height, lattice.phaseY())[p / width];
        double mask = lattice.at(u, v);
        below[p] += mask;
        above[0][p] += mask * scores[2 * i];
        above[1][p] += mask * scores[2 * i + 1];
      }
    }
    for (int t = 0; t < 2; t++) {
      PixelValues found = (PixelValues) estimator.estimate(UNUSED).get(t).attribution();
      for (int p = 0; p < below.length; p++) {
        assertEquals(above[t][p] / below[p], found.values()[p], 1e-5);
      }
    }
  }

  @Test
  void standardErrorIsTheSpreadOverSeeds() {
    int side = 32;
    int samples = 200;
    int seeds = 60;
    double claimed = 0;
    double[] sum = new double[side * side];
    double[] squares = new double[side * side];
    for (int seed = 0; seed < seeds; seed++) {
      RiseMasks masks = new RiseMasks(side, side, 4, 0.5, seed);
      RiseEstimator estimator = new RiseEstimator(masks, 1, samples);
      RiseMasks.Lattice lattice = masks.lattice();
      float[] scores = new float[samples];
      for (int i = 0; i < samples; i++) {
        lattice.draw(i);
        // A score that one place decides, with an interaction.
        scores[i] = lattice.at(1.5f, 1.5f) * (0.5f + 0.5f * lattice.at(3.5f, 2.5f));
      }
      estimator.accept(0, samples, scores);
      PixelValues found =
          (PixelValues)
              estimator.estimate(new References(new float[1], new float[1])).get(0).attribution();
      claimed += found.standardError() / seeds;
      for (int p = 0; p < sum.length; p++) {
        sum[p] += found.values()[p];
        squares[p] += found.values()[p] * found.values()[p];
      }
    }
    double spread = 0;
    for (int p = 0; p < sum.length; p++) {
      spread += Math.sqrt((squares[p] - sum[p] * sum[p] / seeds) / (seeds - 1)) / sum.length;
    }
    // Probes are cell centres, the spread is over all pixels.
    assertEquals(1, claimed / spread, 0.2);
  }
}
