// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.AllCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.ExactGame;
import dev.whybox.shapley.ExactShapley;
import dev.whybox.shapley.GamePrediction;
import dev.whybox.shapley.GaussianProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Shapley values: the formula itself where every coalition was seen, else KernelSHAP's regression
 * under the constraint that the values sum to s(full) − s(baseline), with heteroscedasticity-robust
 * standard errors clustered by pair.
 *
 * <p>With A = Σ w z zᵀ and b = Σ w z (s − s(baseline)), the minimum under the constraint is φ = H b
 * + A⁻¹1 Δ / (1ᵀA⁻¹1), H = A⁻¹ − A⁻¹1 1ᵀA⁻¹ / (1ᵀA⁻¹1).
 */
final class ShapEstimator implements Estimator {
  /** From so many samples a player on, the fit needs no penalty. */
  static final int ENOUGH = 4;

  /** So many of the first pairs predict the other scores where a run was cut short. */
  private static final int PREDICTING_PAIRS = 64;

  private final Segments segments;
  private final CoalitionScores scores;
  private final long samples;
  private final boolean all;

  private ShapEstimator(
      Segments segments, Coalitions design, int targets, long samples, boolean all) {
    this.segments = segments;
    this.scores = new CoalitionScores(design, targets);
    this.samples = samples;
    this.all = all;
  }

  /** An estimator on all coalitions. */
  static ShapEstimator exact(Segments segments, AllCoalitions design, int targets) {
    return new ShapEstimator(segments, design, targets, design.count(), true);
  }

  /** An estimator on coalitions drawn from the Shapley kernel. */
  static ShapEstimator sampled(
      Segments segments, ShapleyCoalitions design, int targets, long samples) {
    return new ShapEstimator(segments, design, targets, samples, false);
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public Optional<Estimation> estimation() {
    return Optional.of(
        all
            ? new Estimation(Estimation.EXACT, "every coalition was evaluated", samples, samples)
            : ShapleyEstimatorKind.KERNEL.asked(samples));
  }

  @Override
  public void accept(long first, int count, float[] more) {
    scores.add(first, count, more);
  }

  @Override
  public List<Estimate> estimate(References references) {
    if (all && scores.count() == samples) {
      return exact(references);
    }
    return regression(references);
  }

  private List<Estimate> exact(References references) {
    int players = scores.players();
    List<Estimate> estimates = new ArrayList<>();
    for (int t = 0; t < scores.targets(); t++) {
      double[] game = game(references, t);
      estimates.add(estimate(ExactShapley.values(players, game), new double[players][players]));
    }
    return estimates;
  }

  /** The score of every coalition, by the bits of its members. */
  private double[] game(References references, int target) {
    double[] game = new double[1 << scores.players()];
    game[0] = references.empty()[target];
    game[game.length - 1] = references.full()[target];
    scores.forEach(
        (sample, members, size) -> game[index(members, size)] = scores.score(sample, target));
    return game;
  }

  @Override
  public Optional<SurrogateModel> surrogate(References references) {
    if (!all) {
      return Optional.empty();
    }
    boolean complete = scores.count() == samples;
    int pairs = Math.min(scores.count() / 2, PREDICTING_PAIRS);
    List<GamePrediction> games = new ArrayList<>();
    for (int t = 0; t < scores.targets(); t++) {
      games.add(
          complete
              ? new ExactGame(game(references, t))
              : new GaussianProcess().posterior(scores.pairs(references, t, pairs), false));
    }
    return Optional.of(new SurrogateModel(segments, games, complete ? samples : 2L * pairs));
  }

  private static int index(int[] members, int size) {
    int index = 0;
    for (int m = 0; m < size; m++) {
      index |= 1 << members[m];
    }
    return index;
  }

  /** Values and the covariance of their errors, null where it is not known. */
  private Estimate estimate(double[] values, double[][] covariance) {
    double[] errors = new double[values.length];
    for (int k = 0; k < errors.length; k++) {
      errors[k] = covariance == null ? Double.NaN : Math.sqrt(covariance[k][k]);
    }
    return new Estimate(new SegmentValues(segments, values, errors, covariance));
  }

  /** A = Σ w z zᵀ and b = Σ w z (s − s(baseline)). */
  NormalEquations equations(References references) {
    int targets = scores.targets();
    NormalEquations equations = new NormalEquations(scores.players(), targets);
    double[] gains = new double[targets];
    scores.forEach(
        (sample, members, size) -> {
          for (int t = 0; t < targets; t++) {
            gains[t] = scores.score(sample, t) - references.empty()[t];
          }
          equations.add(members, size, weight(size), gains);
        });
    return equations;
  }

  /** KernelSHAP; visible for the test that compares it with the formula. */
  List<Estimate> regression(References references) {
    int players = scores.players();
    int targets = scores.targets();
    NormalEquations equations = equations(references);
    // Just enough to invert what was seen. Near as many pairs as players a fit without a penalty
    // passes through every score and its values explode, so few samples get one that matters.
    boolean enough = all && scores.count() == samples || scores.count() >= ENOUGH * players;
    double ridge = (equations.trace() / players + 1) * (enough ? 1e-10 : 1e-2);
    DMatrixRMaj inverse = equations.inverse(ridge);
    double[] sums = rowSums(inverse);
    double total = Arrays.stream(sums).sum();
    DMatrixRMaj projected = inverse.copy();
    for (int i = 0; i < players; i++) {
      for (int j = 0; j < players; j++) {
        projected.add(i, j, -sums[i] * sums[j] / total);
      }
    }
    List<Estimate> estimates = new ArrayList<>();
    for (int t = 0; t < targets; t++) {
      double gain = (double) references.full()[t] - references.empty()[t];
      double[] values = equations.apply(projected, t);
      for (int k = 0; k < players; k++) {
        values[k] += sums[k] / total * gain;
      }
      balance(values, gain);
      estimates.add(estimate(values, covariance(projected, values, t, references.empty()[t])));
    }
    return estimates;
  }

  private static double[] rowSums(DMatrixRMaj matrix) {
    double[] sums = new double[matrix.numRows];
    for (int i = 0; i < sums.length; i++) {
      for (int j = 0; j < sums.length; j++) {
        sums[i] += matrix.get(i, j);
      }
    }
    return sums;
  }

  /** Takes rounding out of the sum. */
  private static void balance(double[] values, double sum) {
    double gap = (sum - Arrays.stream(values).sum()) / values.length;
    for (int k = 0; k < values.length; k++) {
      values[k] += gap;
    }
  }

  /** The Shapley kernel where every coalition is seen once; drawn from it, all weigh the same. */
  double weight(int size) {
    if (!all) {
      return 1;
    }
    int players = scores.players();
    double binomial = 1;
    for (int i = 1; i <= size; i++) {
      binomial = binomial * (players - i + 1) / i;
    }
    return (players - 1) / (binomial * size * (players - size));
  }

  /** H (Σ g gᵀ) H over pairs, g the gradient of a pair's loss; null with too few pairs. */
  private double[][] covariance(DMatrixRMaj projected, double[] values, int target, double empty) {
    int players = values.length;
    double pairs = scores.count() / 2;
    if (pairs <= players) {
      return null;
    }
    DMatrixRMaj squares = new DMatrixRMaj(players, players);
    double[] gradient = new double[players];
    scores.forEach(
        (sample, members, size) -> {
          double residual = scores.score(sample, target) - empty;
          for (int m = 0; m < size; m++) {
            residual -= values[members[m]];
          }
          for (int m = 0; m < size; m++) {
            gradient[members[m]] += weight(size) * residual;
          }
          if ((sample & 1) == 1) {
            for (int i = 0; i < players * players; i++) {
              squares.data[i] += gradient[i / players] * gradient[i % players];
            }
            Arrays.fill(gradient, 0);
          }
        });
    DMatrixRMaj half = new DMatrixRMaj(players, players);
    DMatrixRMaj whole = new DMatrixRMaj(players, players);
    CommonOps_DDRM.mult(projected, squares, half);
    CommonOps_DDRM.mult(half, projected, whole);
    double[][] result = new double[players][players];
    for (int k = 0; k < players; k++) {
      for (int l = 0; l < players; l++) {
        result[k][l] = whole.get(k, l) * pairs / (pairs - players + 1.0);
      }
    }
    return result;
  }
}
