// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NormalTest {
  private static float[] draw(long seed, long sample, int count) {
    float[] values = new float[count];
    new Normal(seed).add(sample, 1, values);
    return values;
  }

  @Test
  void momentsAreThoseOfTheNormalDistribution() {
    float[] values = draw(1, 0, 1_000_001);
    double[] moments = new double[5];
    int within = 0;
    for (float value : values) {
      for (int k = 1; k < moments.length; k++) {
        moments[k] += Math.pow(value, k) / values.length;
      }
      within += Math.abs(value) < 1.959964 ? 1 : 0;
    }
    assertEquals(0, moments[1], 0.005);
    assertEquals(1, moments[2], 0.01);
    assertEquals(0, moments[3], 0.02);
    assertEquals(3, moments[4], 0.05);
    assertEquals(0.95, within / (double) values.length, 0.001);
  }

  @Test
  void aSampleIsAFunctionOfSeedAndNumber() {
    Normal normal = new Normal(5);
    float[] other = new float[7];
    normal.add(9, 1, other);
    float[] again = new float[7];
    normal.add(3, 1, again);
    assertArrayEquals(draw(5, 3, 7), again);
    assertFalse(Arrays.equals(other, again));
    assertFalse(Arrays.equals(draw(6, 3, 7), again));
  }
}
