// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void signedIsSymmetricWhicheverSideIsLarger() {
    Scale scale = Scale.of(new float[] {-0.5f, 0, 0.25f}, true);
    assertEquals(-0.5, scale.low());
    assertEquals(0.5, scale.high());
    assertEquals(0.5, scale.position(0));
    assertEquals(0.75, scale.position(0.25));
    assertEquals(1, scale.weight(-0.5));
    assertEquals(0.5, scale.weight(0.25));
    assertEquals(0, scale.weight(0));
  }

  @Test
  void unsignedGoesFromLeastToGreatest() {
    Scale scale = Scale.of(new float[] {0.25f, 0.5f, 0.75f}, false);
    assertEquals(0.25, scale.low());
    assertEquals(0.75, scale.high());
    assertEquals(0, scale.weight(0.25));
    assertEquals(0.5, scale.weight(0.5));
    assertEquals(1, scale.weight(0.75));
  }

  @Test
  void equalValuesShowNothing() {
    for (boolean signed : new boolean[] {true, false}) {
      Scale scale = Scale.of(new float[] {0, 0}, signed);
      assertTrue(scale.flat());
      assertEquals(0, scale.weight(0));
      assertTrue(Double.isFinite(scale.position(0)));
    }
    assertFalse(Scale.of(new float[] {0.3f, 0.3f}, true).flat(), "0.3 everywhere speaks for");
  }

  @Test
  void valuesThatAreNotFiniteDoNotCount() {
    Scale scale = Scale.of(new float[] {Float.NaN, 1, 2, Float.POSITIVE_INFINITY}, false);
    assertEquals(1, scale.low());
    assertEquals(2, scale.high());
    assertEquals(0, scale.weight(Float.NaN));
    assertTrue(Scale.of(new float[] {Float.NaN}, true).flat());
    assertTrue(Scale.of(new float[] {Float.NaN}, false).flat());
  }
}
