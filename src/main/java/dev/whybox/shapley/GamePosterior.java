// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;

/**
 * What pairs of scores tell of a whole game, the score of every coalition: a Gaussian process on
 * the odd part and one on the even part, with the same kernel. They are independent. Standard
 * errors are widened as those of {@link GaussianProcess} are, each part by its own leave-one-out
 * errors.
 */
public final class GamePosterior implements GamePrediction {
  /** With fewer pairs nothing is known of how far the even part varies. */
  private static final int LEAST_PAIRS = 3;

  private final ProductKernel kernel;
  private final double[][] signs;

  /** Null where the part does not vary. */
  private final Conditioning odd;

  private final Conditioning even;

  /** The even part's constant. */
  private final double constant;

  private final boolean sure;
  private final double calibration;

  /**
   * A posterior.
   *
   * @param kernel of both parts
   * @param noise in parts of the prior variance
   * @param odd the process on the odd part; null where that is 0
   * @param scores what was seen
   * @param calibration what standard errors are widened by besides
   */
  GamePosterior(
      ProductKernel kernel,
      double noise,
      AntisymmetricProcess odd,
      ComplementPairs scores,
      double calibration) {
    this.calibration = calibration;
    this.kernel = kernel;
    this.signs = scores.signs();
    this.odd = odd == null ? null : odd.known();
    double[] values = scores.even();
    double first = values[0];
    boolean varies = Arrays.stream(values).anyMatch(y -> Math.abs(y - first) > 1e-12);
    this.even =
        varies
            ? Conditioning.stable(
                    values.length,
                    more -> new SymmetricProcess(kernel, noise + more, signs, values))
                .known()
            : null;
    this.constant = varies ? even.constant() : first;
    this.sure = values.length >= LEAST_PAIRS;
  }

  @Override
  public Values values(SymmetricFunctional functional) {
    int players = kernel.players();
    double[][][] covariances = new double[2][signs.length][];
    for (int i = 0; i < signs.length; i++) {
      double[][] both = functional.of(kernel, signs[i]);
      covariances[0][i] = both[0];
      covariances[1][i] = both[1];
    }
    double[][] prior = functional.variances(kernel);
    double[] values = new double[players];
    double[] variances = new double[players];
    Conditioning[] parts = {odd, even};
    for (int part = 0; part < 2; part++) {
      if (parts[part] == null) {
        continue;
      }
      double[] means = parts[part].means(covariances[part]);
      double[] errors = parts[part].variances(covariances[part], prior[part], 0);
      double widening = GaussianProcess.widening(parts[part].leaveOneOut(), calibration);
      for (int k = 0; k < players; k++) {
        values[k] += means[k];
        variances[k] += widening * errors[k];
      }
    }
    return new Values(
        values, Arrays.stream(variances).map(v -> sure ? Math.sqrt(v) : Double.NaN).toArray());
  }

  @Override
  public double[][] scores(double[][] coalitions) {
    double[][] dots = kernel.dots(signs, Dense.transposed(coalitions));
    double[][] result = new double[2][coalitions.length];
    Arrays.fill(result[0], constant);
    add(odd, dots, false, result);
    add(even, dots, true, result);
    return result;
  }

  private void add(Conditioning part, double[][] dots, boolean symmetric, double[][] result) {
    if (part == null) {
      return;
    }
    int count = result[0].length;
    double[][] covariances = new double[signs.length][count];
    for (int i = 0; i < signs.length; i++) {
      for (int c = 0; c < count; c++) {
        covariances[i][c] = part(dots[i][c], symmetric);
      }
    }
    double total = 0;
    for (int k = 0; k < kernel.players(); k++) {
      total -= Math.log(kernel.decay(k));
    }
    double[] prior = new double[count];
    Arrays.fill(prior, part(total, symmetric));
    double[] means = part.means(covariances);
    double[] variances = part.variances(covariances, prior, 1);
    double widening = GaussianProcess.widening(part.leaveOneOut(), calibration);
    for (int c = 0; c < count; c++) {
      result[0][c] += means[c];
      result[1][c] += widening * variances[c];
    }
  }

  /** The kernel's even or odd part. */
  private double part(double dot, boolean symmetric) {
    return symmetric ? kernel.symmetric(dot) : kernel.odd(dot, kernel.even(dot));
  }
}
