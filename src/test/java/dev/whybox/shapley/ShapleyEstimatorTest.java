// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.SharedFiles;
import dev.whybox.design.ChosenCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.design.PermutationCoalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShapleyEstimatorTest {

  enum Kind {
    KERNEL,
    LEVERAGE,
    PERMUTATION,
    PROCESS,
    UNBIASED,
    LINEAR,
    TREES,
    CORRECTED,
    MIXTURE;

    ShapleyEstimator estimator() {
      return switch (this) {
        case KERNEL -> PairedRegression.kernel();
        case LEVERAGE -> PairedRegression.leverage();
        case PERMUTATION -> new AntitheticPermutations();
        case PROCESS -> new GaussianProcess();
        case UNBIASED -> new UnbiasedRegression();
        case LINEAR -> new LinearSurrogate();
        case TREES -> new BoostedTrees();
        case CORRECTED -> new ResidualCorrection(new ProcessFamily(), new UnbiasedRegression());
        case MIXTURE -> new Mixture(new ProcessFamily(), new BoostedTrees(), new LinearSurrogate());
      };
    }

    Coalitions design(int players, long seed) {
      return switch (this) {
        case KERNEL -> new ShapleyCoalitions(players, seed);
        case LEVERAGE, PROCESS, UNBIASED, LINEAR, TREES, CORRECTED, MIXTURE ->
            new LeverageCoalitions(players, seed);
        case PERMUTATION -> new PermutationCoalitions(players, seed);
      };
    }
  }

  private static double meanError(Kind kind, int pairs, int seeds) {
    SharedFiles shared = SharedFiles.require("reference/coalitions-chelsea-4x4.npz");
    double[] game = shared.array("v.npy");
    double[] exact = shared.array("phi.npy");
    double sum = 0;
    for (int seed = 0; seed < seeds; seed++) {
      ComplementPairs scores = Games.play(kind.design(16, seed), pairs, game);
      sum += Games.error(kind.estimator().estimate(scores).values(), exact) / seeds;
    }
    return sum;
  }

  /** Errors of unbiased estimators fall as 1/n. */
  @ParameterizedTest
  @EnumSource(names = {"KERNEL", "LEVERAGE", "PERMUTATION"})
  void sampledEstimatorsConvergeOnTheReferenceGame(Kind kind) {
    double few = meanError(kind, 300, 10);
    double many = meanError(kind, 9600, 10);
    assertTrue(many < few / 10, few + " then " + many);
    assertTrue(many < 0.02, "error with 19,200 samples: " + many);
  }

  @Test
  void theProcessNeedsFarFewerScoresThanKernelShap() {
    double process = meanError(Kind.PROCESS, 64, 4);
    double kernel = meanError(Kind.KERNEL, 64, 20);
    assertTrue(process < kernel / 2, process + " against KernelSHAP's " + kernel);
    assertTrue(meanError(Kind.PROCESS, 250, 1) < 0.05);
  }

  @ParameterizedTest
  @EnumSource
  void valuesSumToTheGain(Kind kind) {
    for (int players : new int[] {2, 3, 9}) {
      for (int pairs : new int[] {0, 1, 2, 7, 30}) {
        double[] game = Games.random(players, 5);
        ComplementPairs scores = Games.play(kind.design(players, 1), pairs, game);
        double[] values = kind.estimator().estimate(scores).values();
        assertEquals(game[game.length - 1] - game[0], Arrays.stream(values).sum(), 1e-12);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlatGameIsWorthNothing(Kind kind) {
    double[] game = new double[1 << 5];
    Arrays.fill(game, 0.25);
    ComplementPairs scores = Games.play(kind.design(5, 1), 12, game);
    assertArrayEquals(new double[5], kind.estimator().estimate(scores).values(), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void onePlayerTakesAll(Kind kind) {
    ComplementPairs scores =
        new ComplementPairs(1, new long[0][], new double[0], new double[0], 0.9, 0.2);
    assertEquals(0.7, kind.estimator().estimate(scores).values()[0], 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void fullAsGoodAsEmptyStillHasValues(Kind kind) {
    double[] game = Games.random(4, 8);
    game[15] = game[0];
    double[] values = kind.estimator().estimate(Games.play(kind.design(4, 1), 40, game)).values();
    assertEquals(0, Arrays.stream(values).sum(), 1e-12);
    assertTrue(Arrays.stream(values).map(Math::abs).max().orElseThrow() > 0.01);
  }

  @Test
  void scoresThatAreNoNumbersAreRefused() {
    double[] game = Games.random(3, 1);
    game[2] = Double.NaN;
    assertThrows(NonFiniteOutput.class, () -> Games.play(new LeverageCoalitions(3, 0), 20, game));
  }

  /** A linear game's values are its weights, whatever the design. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UNBIASED", "TREES"})
  void aLinearGameIsFound(Kind kind) {
    double[] worth = {0.3, -0.1, 0, 0.2, 0.05};
    double[] game = new double[1 << 5];
    for (int c = 0; c < game.length; c++) {
      for (int k = 0; k < 5; k++) {
        game[c] += (c >> k & 1) * worth[k];
      }
    }
    double[] values = kind.estimator().estimate(Games.play(kind.design(5, 3), 24, game)).values();
    assertArrayEquals(worth, values, kind.ordinal() >= Kind.PROCESS.ordinal() ? 5e-3 : 1e-7);
  }

  @Test
  void theActiveDesignIsReproducibleAndLowersTheVariance() {
    double[] game = Games.random(6, 2);
    GaussianProcess process = new GaussianProcess();
    ComplementPairs scores = Games.play(new LeverageCoalitions(6, 0), 6, game);
    process.estimate(scores);
    double[] gains = {scores.gain()};
    List<long[]> chosen = new ActiveDesign(6, 1).choose(List.of(process), gains, 4);
    List<long[]> again = new ActiveDesign(6, 1).choose(List.of(process), gains, 4);
    for (int i = 0; i < 4; i++) {
      assertArrayEquals(chosen.get(i), again.get(i));
    }
    // The first choice lowers Σ Var φ by ‖b‖²/v; no random pair of the same pool may do better.
    double best = drop(process.process(), chosen.get(0)[0]);
    LeverageCoalitions others = new LeverageCoalitions(6, ~1L);
    long[] bits = new long[1];
    for (int i = 0; i < 100; i++) {
      others.get(2L * i, bits);
      assertTrue(drop(process.process(), bits[0]) <= best + 1e-12);
    }
  }

  private static double drop(AntisymmetricProcess process, long bits) {
    double[] signs = new double[6];
    Arrays.setAll(signs, k -> (bits >> k & 1) != 0 ? 1 : -1);
    Candidates candidate = process.candidates(new double[][] {signs});
    return Arrays.stream(candidate.gain(0)).map(g -> g * g).sum() / candidate.variance(0);
  }

  @Test
  void aListOfChosenCoalitionsHoldsPairs() {
    ChosenCoalitions list = new ChosenCoalitions(70);
    for (int i = 0; i < 20; i++) {
      list.addPair(new long[] {i, 3});
    }
    long[] bits = new long[2];
    list.copy().get(39, bits);
    assertArrayEquals(new long[] {~19L, 60}, bits);
    assertThrows(IllegalArgumentException.class, () -> list.get(40, bits));
  }
}
