// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Taking a candidate is the same as a process that knows its pair, whatever its score. */
class CandidatesTest {
  private static final int PLAYERS = 7;
  private static final double[] LENGTHS = {0.3, 0.01, 1.2, 0.5, 0.1, 0.8, 0.05};

  private static AntisymmetricProcess process(int... coalitions) {
    Random random = new Random(1);
    double[][] signs = new double[coalitions.length + 1][];
    double[] odd = new double[signs.length];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = Games.signs(PLAYERS, i == 0 ? (1 << PLAYERS) - 1 : coalitions[i - 1]);
      odd[i] = random.nextGaussian();
    }
    return new AntisymmetricProcess(new ProductKernel(LENGTHS), 0.01, signs, odd);
  }

  @Test
  void whatIsTakenIsKnown() {
    double[][] pool = {
      Games.signs(PLAYERS, 3),
      Games.signs(PLAYERS, 77),
      Games.signs(PLAYERS, 50),
      Games.signs(PLAYERS, 18),
      Games.signs(PLAYERS, 101)
    };
    Candidates found = process(9, 30, 88).candidates(pool);
    found.take(1);
    found.take(3);
    Candidates expected = process(9, 30, 88, 77, 18).candidates(pool);
    double[] drops = new double[pool.length];
    found.addDrops(2, drops);
    for (int c = 0; c < pool.length; c++) {
      assertArrayEquals(expected.gain(c), found.gain(c), 1e-10);
      double drop = Arrays.stream(expected.gain(c)).map(g -> 2 * g * g).sum();
      assertEquals(drop / expected.variance(c), drops[c], 1e-9);
      assertEquals(expected.variance(c), found.variance(c), 1e-10);
    }
  }
}
