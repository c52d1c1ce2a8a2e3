// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.UniformCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.perturb.Segments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.ejml.data.DMatrixRMaj;

/**
 * LIME's weighted ridge regression with an intercept that is not penalised, as the paper's code
 * does it; the full image is one of the rows. Standard errors are heteroscedasticity-robust; the
 * shrinkage of the ridge is not in them.
 */
final class LimeEstimator implements Estimator {
  private final Lime lime;
  private final Segments segments;
  private final CoalitionScores scores;
  private final long samples;

  LimeEstimator(Lime lime, Segments segments, UniformCoalitions design, int targets, long samples) {
    this.lime = lime;
    this.segments = segments;
    this.scores = new CoalitionScores(design, targets);
    this.samples = samples;
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public void accept(long first, int count, float[] more) {
    scores.add(first, count, more);
  }

  @Override
  public List<Estimate> estimate(References references) {
    int players = scores.players();
    int targets = scores.targets();
    double[] mean = new double[players];
    double[] meanY = new double[targets];
    double[] sum = new double[1];
    NormalEquations equations = equations(references, mean, meanY, sum);
    double total = sum[0];
    for (int k = 0; k < players; k++) {
      mean[k] /= total;
    }
    for (int t = 0; t < targets; t++) {
      meanY[t] /= total;
    }
    equations.center(total, mean, meanY);
    DMatrixRMaj inverse = equations.inverse(Math.max(lime.ridge(), 1e-9 * total));
    List<Estimate> estimates = new ArrayList<>();
    for (int t = 0; t < targets; t++) {
      double[] values = equations.apply(inverse, t);
      estimates.add(judge(references, inverse, values, mean, meanY[t], t));
    }
    return estimates;
  }

  /** Σ w z zᵀ and Σ w z yᵀ; adds Σ w z, Σ w y and Σ w to what it is given. */
  NormalEquations equations(
      References references, double[] sumZ, double[] sumY, double[] sumWeights) {
    int targets = scores.targets();
    NormalEquations equations = new NormalEquations(scores.players(), targets);
    double[] y = new double[targets];
    rows(
        references,
        (row, members, size, weight) -> {
          for (int t = 0; t < targets; t++) {
            y[t] = row.score(t);
            sumY[t] += weight * y[t];
          }
          for (int m = 0; m < size; m++) {
            sumZ[members[m]] += weight;
          }
          sumWeights[0] += weight;
          equations.add(members, size, weight, y);
        });
    return equations;
  }

  private Estimate judge(
      References references,
      DMatrixRMaj inverse,
      double[] values,
      double[] mean,
      double meanY,
      int target) {
    int players = values.length;
    double[] variances = new double[players];
    double[] gradient = new double[players];
    double[] squares = new double[2];
    double atMean = 0;
    for (int k = 0; k < players; k++) {
      atMean += values[k] * mean[k];
    }
    double intercept = meanY - atMean;
    rows(
        references,
        (row, members, size, weight) -> {
          double residual = row.score(target) - intercept;
          for (int m = 0; m < size; m++) {
            residual -= values[members[m]];
          }
          squares[0] += weight * residual * residual;
          squares[1] += weight * (row.score(target) - meanY) * (row.score(target) - meanY);
          for (int k = 0; k < players; k++) {
            gradient[k] = -weight * residual * mean[k];
          }
          for (int m = 0; m < size; m++) {
            gradient[members[m]] += weight * residual;
          }
          NormalEquations.addSquares(inverse, gradient, variances);
        });
    double rows = scores.count() + 1;
    double correction = rows > players + 1 ? rows / (rows - players - 1) : Double.NaN;
    double[] errors = Arrays.stream(variances).map(v -> Math.sqrt(v * correction)).toArray();
    double fit = squares[1] > 0 ? 1 - squares[0] / squares[1] : 1;
    return new Estimate(new SegmentValues(segments, values, errors), OptionalDouble.of(fit));
  }

  /** The full image first, then the samples. */
  private void rows(References references, RowVisitor visitor) {
    int players = scores.players();
    int[] everyone = new int[players];
    Arrays.setAll(everyone, k -> k);
    visitor.visit(t -> references.full()[t], everyone, players, 1);
    scores.forEach(
        (sample, members, size) ->
            visitor.visit(t -> scores.score(sample, t), members, size, lime.weight(size, players)));
  }

  @FunctionalInterface
  private interface Row {
    float score(int target);
  }

  @FunctionalInterface
  private interface RowVisitor {
    void visit(Row row, int[] members, int size, double weight);
  }
}
