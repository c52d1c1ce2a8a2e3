// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.whybox.explain.Attribution.SegmentValues;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static Ranking of(double[] values, double[][] covariance) {
    return Ranking.of(new SegmentValues(null, values, new double[values.length], covariance));
  }

  @Test
  void knownValuesAreInOrder() {
    assertEquals(new Ranking(1, 1, 1), of(new double[] {0.2, 0.5, 0.1}, new double[3][3]));
  }

  @Test
  void unknownErrorsHaveNoRanking() {
    assertNull(of(new double[] {1, 2}, null));
  }

  /** Two independent values 1 apart, variance ½ each: the order holds with Φ(1) = 0.8413. */
  @Test
  void oneDifference() {
    Ranking found = of(new double[] {1, 0}, new double[][] {{0.5, 0}, {0, 0.5}});
    assertEquals(0.8413447, found.topProbability(), 0.03);
    assertEquals(2 * 0.8413447 - 1, found.kendallTau(), 1e-6);
  }

  /**
   * An error that two values share does not change their order, since their difference has no
   * error.
   */
  @Test
  void sharedErrorsDoNotMatter() {
    Ranking found = of(new double[] {1, 0}, new double[][] {{9, 9}, {9, 9}});
    assertEquals(1, found.topProbability());
    assertEquals(1, found.kendallTau());
  }

  /** Each of three equal values is the top one with probability 1/3. */
  @Test
  void threeAlike() {
    Ranking found = of(new double[] {0, 0, 0}, new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
    assertEquals(1 / 3.0, found.topProbability(), 0.04);
    assertEquals(0, found.kendallTau(), 1e-6);
  }

  @Test
  void theNormalDistribution() {
    assertEquals(0.5, Ranking.below(0), 1e-7);
    assertEquals(0.9750021049, Ranking.below(1.96), 1e-7);
    assertEquals(0.9986501020, Ranking.below(3), 1e-7);
  }
}
