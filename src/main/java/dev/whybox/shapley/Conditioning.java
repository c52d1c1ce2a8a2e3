// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.error.WhyboxException.BadArgument;
import java.util.function.DoubleFunction;

/**
 * What observations make of a Gaussian process, its mean 0 or an unknown constant: the algebra that
 * does not depend on what the process is about. The prior variance s² has its most likely value;
 * covariances are in units of it.
 *
 * <p>With an unknown constant A⁻¹ becomes A⁻¹ − A⁻¹1 1ᵀA⁻¹ / (1ᵀA⁻¹1), (universal kriging;
 * Rasmussen and Williams 2006, section 2.7).
 */
final class Conditioning {
  /** How far the noise may grow before a matrix is given up. */
  private static final double MOST_NOISE = 1e-2;

  private final double[][] inverse;
  private final double[] alpha;
  private final double scale;
  private final double logDeterminant;

  /** The most likely constant; 0 where there is none. */
  private final double constant;

  /** A⁻¹1, and 1ᵀA⁻¹1; null and 0 where there is no constant. */
  private final double[] sums;

  private final double total;

  /**
   * Observations.
   *
   * @param matrix A, their prior covariance with noise; its lower triangle is read
   * @param values the observations
   * @param free whether the mean is an unknown constant, else 0
   * @throws ArithmeticException where the matrix is not positive definite, or nothing varies
   */
  Conditioning(double[][] matrix, double[] values, boolean free) {
    int count = values.length;
    this.inverse = new double[count][count];
    double log = Dense.invert(matrix, inverse);
    this.sums = free ? new double[count] : null;
    double weighted = 0;
    double all = 0;
    if (free) {
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          sums[i] += inverse[i][j];
        }
        all += sums[i];
        weighted += sums[i] * values[i];
      }
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          inverse[i][j] -= sums[i] * sums[j] / all;
        }
      }
      log += Math.log(all);
    }
    this.total = all;
    this.constant = free ? weighted / all : 0;
    this.logDeterminant = log;
    this.alpha = new double[count];
    double fit = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        alpha[i] += inverse[i][j] * values[j];
      }
      fit += alpha[i] * values[i];
    }
    this.scale = fit / (free ? count - 1 : count);
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new ArithmeticException("the prior variance is " + scale);
    }
  }

  /**
   * A process with more noise where the covariance is not positive definite without: ten times as
   * much again and again.
   *
   * @param process makes one of the noise that is added
   * @throws BadArgument where that does not help
   */
  static <T> T stable(int pairs, DoubleFunction<T> process) {
    for (double more = 0;
        more <= MOST_NOISE;
        more = Math.max(10 * more, AntisymmetricProcess.LEAST_NOISE)) {
      try {
        return process.apply(more);
      } catch (ArithmeticException e) {
        // The next one has more noise.
      }
    }
    throw new BadArgument(
        "The Gaussian process can't be fitted to the "
            + pairs
            + " pairs of scores: their covariance is not positive definite, even with a noise of "
            + MOST_NOISE
            + " of its variance. Take another estimator: kernel, leverage or permutation.");
  }

  /** A⁻¹. Not copied. */
  double[][] inverse() {
    return inverse;
  }

  /** A⁻¹ times the observations. Not copied. */
  double[] alpha() {
    return alpha;
  }

  /** s², the prior variance. */
  double scale() {
    return scale;
  }

  double constant() {
    return constant;
  }

  /** log |A|, with that of the constant's precision. */
  double logDeterminant() {
    return logDeterminant;
  }

  /**
   * The posterior mean, less the constant, of functionals.
   *
   * @param covariances of each observation with each functional
   */
  double[] means(double[][] covariances) {
    double[] means = new double[covariances[0].length];
    for (int i = 0; i < alpha.length; i++) {
      for (int j = 0; j < means.length; j++) {
        means[j] += alpha[i] * covariances[i][j];
      }
    }
    return means;
  }

  /**
   * The posterior variance of functionals, in units of the observations squared.
   *
   * @param covariances of each observation with each functional, in units of s²
   * @param prior the functionals' prior variances, in units of s²
   * @param one what the functionals make of a constant 1
   */
  double[] variances(double[][] covariances, double[] prior, double one) {
    double[][] half = Dense.product(inverse, covariances);
    double[] variances = prior.clone();
    for (int i = 0; i < alpha.length; i++) {
      for (int j = 0; j < variances.length; j++) {
        variances[j] -= covariances[i][j] * half[i][j];
      }
    }
    for (int j = 0; j < variances.length; j++) {
      if (sums != null) {
        double seen = 0;
        for (int i = 0; i < alpha.length; i++) {
          seen += sums[i] * covariances[i][j];
        }
        variances[j] += one * (one - 2 * seen) / total;
      }
      variances[j] = scale * Math.max(0, variances[j]);
    }
    return variances;
  }

  /** Leave-one-out errors in closed form, the first left out: the error and its deviation. */
  double[][] leaveOneOut() {
    double[][] errors = new double[alpha.length - 1][];
    for (int i = 1; i < alpha.length; i++) {
      double diagonal = inverse[i][i];
      errors[i - 1] = new double[] {alpha[i] / diagonal, Math.sqrt(scale / diagonal)};
    }
    return errors;
  }
}
