// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.gradient.LossScale.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossScaleTest {

  /** Runs with the cotangent multiplied by 2^exponent. */
  @FunctionalInterface
  private interface Attempt {
    Outcome run(int exponent);
  }

  /** One sample; false where no scale gives finite gradients that are not all zero. */
  private static boolean settle(LossScale scale, Attempt attempt, boolean narrow) {
    LossScale.Search search = scale.search(narrow);
    while (!search.over()) {
      search.saw(attempt.run(search.exponent()));
    }
    return search.settled();
  }

  /**
   * A chain in float16 whose gradient is first {@code inner} times the cotangent and then 1 /
   * inner.
   */
  private static Attempt chain(int inner, int outer, List<Integer> tried) {
    return exponent -> {
      tried.add(exponent);
      if (exponent + inner >= 16) {
        return Outcome.INFINITE;
      }
      boolean lost = exponent + inner < -24 || exponent + outer < -24;
      return Outcome.of(lost ? 0 : Math.scalb(1f, exponent + outer));
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {-37, -30, -25, -10, 0, 15, 16, 17, 20, 27, 39})
  void rangesThatAScaleReachesAreReached(int inner) {
    List<Integer> tried = new ArrayList<>();
    LossScale scale = new LossScale();
    Attempt attempt = chain(inner, 0, tried);
    assertTrue(settle(scale, attempt, true));
    int exponent = Math.getExponent(scale.factor());
    assertEquals(exponent == 0, inner >= -24 && inner < 16);
    assertTrue(List.of(Outcome.FINE, Outcome.FAINT).contains(attempt.run(exponent)));
    assertTrue(exponent >= -24 && exponent <= 15, exponent + "");
    tried.clear();
    assertTrue(settle(scale, attempt, true));
    assertEquals(List.of(exponent), tried, "what was found is kept");
  }

  /** A gradient whose largest value is 2^outer, infinite from 2^{@code limit} times on. */
  private static Attempt faint(int outer, int limit, List<Integer> tried) {
    return exponent -> {
      tried.add(exponent);
      float largest = Math.scalb(1f, exponent + outer);
      return exponent >= limit
          ? Outcome.INFINITE
          : Outcome.of(exponent + outer < -24 ? 0 : largest);
    };
  }

  @Test
  void whatIsFaintIsRaised() {
    List<Integer> tried = new ArrayList<>();
    LossScale scale = new LossScale();
    assertTrue(settle(scale, faint(-10, 99, tried), true));
    assertEquals(List.of(0), tried, "2^-10 is large enough");
    assertTrue(settle(scale, faint(-11, 99, tried), true));
    assertEquals(Math.scalb(1.0, 15), scale.factor());
    assertEquals(List.of(0, 0, 15), tried);
    tried.clear();
    assertTrue(settle(new LossScale(), faint(-11, 99, tried), false));
    assertEquals(List.of(0), tried, "float32 does not lose it");
  }

  /** A gradient that is faint at each scale that does not overflow on the way. */
  @Test
  void whatStaysFaintIsTakenAsItIs() {
    for (int limit = 1; limit <= 15; limit++) {
      List<Integer> tried = new ArrayList<>();
      LossScale scale = new LossScale();
      Attempt attempt = faint(-24, limit, tried);
      assertTrue(settle(scale, attempt, true));
      int exponent = Math.getExponent(scale.factor());
      assertTrue(exponent >= 0 && exponent < limit && exponent >= limit - 4, tried + "");
      assertEquals(exponent, tried.get(tried.size() - 1), "the last run is the one that counts");
      tried.clear();
      assertTrue(settle(scale, attempt, true));
      assertEquals(List.of(exponent), tried, "not looked for at every sample");
    }
  }

  @Test
  void aNarrowGapIsFound() {
    for (int inner = 16; inner < 30; inner++) {
      List<Integer> tried = new ArrayList<>();
      LossScale scale = new LossScale();
      // Only one exponent is neither too large for the one nor too small for the other.
      assertTrue(settle(scale, chain(inner, inner - 39, tried), true), inner + "");
      assertEquals(15 - inner, Math.getExponent(scale.factor()), tried + "");
    }
  }

  @Test
  void whatNoScaleFitsIsTold() {
    for (int inner = 16; inner < 30; inner++) {
      LossScale scale = new LossScale();
      assertFalse(settle(scale, chain(inner, inner - 40, new ArrayList<>()), true), inner + "");
      assertEquals(1, scale.factor());
    }
    assertFalse(settle(new LossScale(), exponent -> Outcome.INFINITE, true));
    assertFalse(settle(new LossScale(), exponent -> Outcome.INFINITE, false));
  }

  @Test
  void aGradientThatIsZeroAtEveryScaleIsZero() {
    List<Integer> tried = new ArrayList<>();
    Attempt zero =
        exponent -> {
          tried.add(exponent);
          return Outcome.ZERO;
        };
    LossScale scale = new LossScale();
    assertTrue(settle(scale, zero, true));
    assertEquals(1, scale.factor());
    assertEquals(List.of(0, 15), tried);
    tried.clear();
    assertTrue(settle(scale, faint(-11, 99, tried), true));
    assertEquals(List.of(0, 15), tried, "a zero says nothing of what follows");
    tried.clear();
    scale = new LossScale();
    assertTrue(settle(scale, zero, false));
    assertEquals(List.of(0), tried, "float32 does not lose it");
  }
}
