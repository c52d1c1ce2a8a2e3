// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.verify.GpuCheck.Measured;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {
  @Test
  void boundsHoldInBothDirections() {
    assertTrue(Measured.atMost(2, 2, "").passed());
    assertFalse(Measured.atMost(2.1, 2, "").passed());
    assertFalse(Measured.atMost(Double.NaN, 2, "").passed());
    assertTrue(new Measured(0.9, 0.9, true, "").passed());
    assertFalse(new Measured(0.8, 0.9, true, "").passed());
    assertFalse(new Measured(Double.NaN, 0.9, true, "").passed());
  }

  @Test
  void allChecksRunAndFailuresAreCounted() {
    List<String> lines = new ArrayList<>();
    List<GpuCheck> checks =
        List.of(
            GpuCheck.of("first", () -> Measured.atMost(3, 1, "off")),
            GpuCheck.of(
                "second",
                () -> {
                  throw new EngineFailure("no GPU there", null);
                }),
            GpuCheck.of("third", () -> Measured.atMost(0.25, 1, "off")));
    assertEquals(2, Verification.run(checks, lines::add));
    assertEquals(4, lines.size());
    assertTrue(lines.get(0).startsWith("FAILED  first "), lines.get(0));
    assertTrue(lines.get(1).contains("no GPU there"), lines.get(1));
    assertTrue(lines.get(2).startsWith("ok "), lines.get(2));
    assertTrue(lines.get(2).contains("0.250 off (at most 1.00)"), lines.get(2));
    assertEquals("2 of 3 checks failed.", lines.get(3));
    assertEquals(0, Verification.run(checks.subList(2, 3), lines::add));
  }

  @Test
  void ranksAreComparedNotValues() {
    float[] a = {1, 2, 3, 4};
    assertEquals(1, RankCorrelation.of(a, new float[] {1, 10, 100, 1000}), 1e-12);
    assertEquals(-1, RankCorrelation.of(a, new float[] {4, 3, 2, 1}), 1e-12);
    // By hand: 1 − 6 · Σd² / (n(n²−1)) = 1 − 6 · 2 / 60.
    assertEquals(0.8, RankCorrelation.of(a, new float[] {1, 2, 4, 3}), 1e-12);
    // Ties share ranks 0.5 and 2.5: covariance 4, variances 5 and 4.
    assertEquals(4 / Math.sqrt(20), RankCorrelation.of(a, new float[] {5, 5, 6, 6}), 1e-12);
    assertTrue(Double.isNaN(RankCorrelation.of(a, new float[] {1, 1, 1, 1})));
  }
}
