// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * A weighted mean of surrogates. The weights are those, none negative, of sum 1, which leave the
 * least errors on pairs left out: Breiman, "Stacked regressions" (1996). The covariance is that of
 * a mixture of distributions: the mean of the members', and how far they lie apart.
 */
public final class Mixture implements SurrogateFamily {
  /** So many pairs' worth of preference for equal weights. */
  private static final double PREFERENCE = 2;

  private final List<SurrogateFamily> families;

  /**
   * A mixture.
   *
   * @param families 1 to 8 members; of equal ones the first is preferred
   */
  public Mixture(SurrogateFamily... families) {
    if (families.length < 1 || families.length > 8) {
      throw new IllegalArgumentException("1 to 8 families, but " + families.length);
    }
    this.families = List.of(families);
  }

  /**
   * The usual members: processes with the hints and without, one on even values, trees without and
   * with them, and a linear game; so neither hints that mislead nor a game that is not smooth do
   * much harm.
   *
   * @param hints see {@link GaussianProcess}; there may be none
   * @return a mixture
   */
  public static Mixture of(double[]... hints) {
    List<SurrogateFamily> members = new ArrayList<>();
    if (hints.length > 0) {
      members.add(new ProcessFamily(hints));
    }
    members.add(new ProcessFamily());
    members.add(new PriorMean(new ProcessFamily()));
    members.add(new BoostedTrees());
    members.add(new PriorMean(new BoostedTrees()));
    members.add(new LinearSurrogate());
    return new Mixture(members.toArray(SurrogateFamily[]::new));
  }

  @Override
  public Fit fit(ComplementPairs scores) {
    List<Fit> fits = new ArrayList<>();
    families.forEach(family -> fits.add(family.fit(scores)));
    double[] weights = weights(fits, scores);
    double[] leftOut = new double[scores.pairs() - 1];
    for (int m = 0; m < weights.length; m++) {
      for (int i = 0; i < leftOut.length; i++) {
        leftOut[i] += weights[m] * fits.get(m).leftOut()[i];
      }
    }
    Blend blend = new Blend(fits.stream().map(Fit::surrogate).toList(), weights, scores.players());
    return new Fit(blend, leftOut, covariance(fits, weights, scores));
  }

  /** Weights of members by their errors; visible for the test. */
  static double[] weights(List<Fit> fits, ComplementPairs scores) {
    int members = fits.size();
    int pairs = scores.pairs() - 1;
    DMatrixRMaj errors = new DMatrixRMaj(members, members);
    for (int i = 0; i < pairs; i++) {
      for (int m = 0; m < members; m++) {
        double error = scores.odd()[i + 1] - fits.get(m).leftOut()[i];
        for (int l = 0; l < members; l++) {
          double other = scores.odd()[i + 1] - fits.get(l).leftOut()[i];
          errors.add(m, l, scores.weight(i + 1) * error * other / pairs);
        }
      }
    }
    double least = Double.POSITIVE_INFINITY;
    for (int m = 0; m < members; m++) {
      least = Math.min(least, errors.get(m, m));
    }
    for (int m = 0; m < members; m++) {
      errors.add(m, m, PREFERENCE / Math.max(1, pairs) * least + 1e-15);
    }
    // Convex, and few members: of the minima on all faces the least that has no negative weight.
    double[] best = new double[members];
    double loss = Double.POSITIVE_INFINITY;
    for (int face = 1; face < 1 << members; face++) {
      double[] found = minimum(errors, face);
      if (found != null && found[members] < loss) {
        loss = found[members];
        System.arraycopy(found, 0, best, 0, members);
      }
    }
    return best;
  }

  /** The weights of sum 1 with the least wᵀEw, and that; null where one is negative. */
  private static double[] minimum(DMatrixRMaj errors, int face) {
    int members = errors.numRows;
    int[] at = IntStream.range(0, members).filter(m -> (face >> m & 1) != 0).toArray();
    DMatrixRMaj part = new DMatrixRMaj(at.length, at.length);
    DMatrixRMaj ones = new DMatrixRMaj(at.length, 1);
    ones.fill(1);
    for (int m = 0; m < at.length; m++) {
      for (int l = 0; l < at.length; l++) {
        part.set(m, l, errors.get(at[m], at[l]));
      }
    }
    DMatrixRMaj solved = new DMatrixRMaj(at.length, 1);
    if (!CommonOps_DDRM.solve(part, ones, solved)) {
      return null;
    }
    double sum = CommonOps_DDRM.elementSum(solved);
    double[] result = new double[members + 1];
    for (int m = 0; m < at.length; m++) {
      result[at[m]] = solved.data[m] / sum;
      if (!(result[at[m]] >= 0)) {
        return null;
      }
    }
    result[members] = 1 / sum;
    return result;
  }

  private static double[][] covariance(List<Fit> fits, double[] weights, ComplementPairs scores) {
    int players = scores.players();
    double[][] values = new double[weights.length][];
    double[] mean = new double[players];
    for (int m = 0; m < weights.length; m++) {
      values[m] = fits.get(m).surrogate().values();
      scores.balance(values[m]);
      for (int k = 0; k < players; k++) {
        mean[k] += weights[m] * values[m][k];
      }
    }
    double[][] result = new double[players][players];
    for (int m = 0; m < weights.length; m++) {
      double[][] own = fits.get(m).covariance();
      if (weights[m] > 0 && own == null) {
        return null;
      }
      for (int k = 0; weights[m] > 0 && k < players; k++) {
        for (int l = 0; l < players; l++) {
          double apart = (values[m][k] - mean[k]) * (values[m][l] - mean[l]);
          result[k][l] += weights[m] * (own[k][l] + apart);
        }
      }
    }
    return result;
  }

  private record Blend(List<Surrogate> members, double[] weights, int players)
      implements Surrogate {
    @Override
    public double odd(double[] signs) {
      double sum = 0;
      for (int m = 0; m < weights.length; m++) {
        sum += weights[m] == 0 ? 0 : weights[m] * members.get(m).odd(signs);
      }
      return sum;
    }

    @Override
    public double[] values() {
      double[] values = new double[players];
      for (int m = 0; m < weights.length; m++) {
        double[] own = members.get(m).values();
        for (int k = 0; k < players; k++) {
          values[k] += weights[m] * own[k];
        }
      }
      return values;
    }
  }
}
