// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IntegratedGradientsSumTest {
  @Test
  void everyLevelHalvesTheSteps() {
    float[] expected = {1, 0, 0.5f, 0.25f, 0.75f, 0.125f, 0.375f, 0.625f, 0.875f};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], IntegratedGradientsSum.position(i));
    }
    TreeSet<Float> seen = new TreeSet<>();
    for (int i = 0; i < 257; i++) {
      seen.add(IntegratedGradientsSum.position(i));
    }
    int i = 0;
    for (float position : seen) {
      assertEquals(i++ / 256f, position);
    }
    assertEquals(257, i);
  }
}
