// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;

/**
 * The kernel k(z,z') = Π exp(−ℓ_k)^[z_k ≠ z'_k] and what the Shapley functionals L_j make of it, by
 * the multilinear extension (Owen, "Multilinear extensions of games", 1972). Coalitions are rows of
 * ±1.
 *
 * <p>Its odd part is ½(k(z,z') − k(z,z̄')) = e^(−Σℓ/2) sinh(½ Σ ℓ_k x_k x'_k). L_j of the even part
 * is 0.
 */
sealed class ProductKernel permits NestedKernel {
  /** More nodes than this change nothing: what is integrated is smooth. */
  private static final int MOST_NODES = 32;

  /**
   * So many nodes, and half a node for each unit of Σ (1 − e^(−ℓ)), are enough. A factor is at most
   * 1 + (1 − e^(−ℓ)) d at a distance d from [0,1], so the integrand grows as e^(S d), and the error
   * of n nodes, for the best ellipse around [0,1], is about (e S / 8n)^(2n): below 1e-14 for all S.
   */
  private static final int LEAST_NODES = 10;

  /** Below this a quotient could lose digits. */
  private static final double SMALL = 1e-150;

  private final double[] lengths;
  private final double[] decays;
  private final double total;

  /** k of a coalition and its complement. */
  private final double all;

  private GaussLegendre rule;

  /** The factors of a player that is there, and of one that is not, a row per node; and inverse. */
  private double[][] present;

  private double[][] absent;
  private double[][] presentInverse;
  private double[][] absentInverse;

  /** A kernel with one inverse length ℓ a player, all above 0. */
  ProductKernel(double[] lengths) {
    this.lengths = lengths;
    this.decays = new double[lengths.length];
    double sum = 0;
    for (int k = 0; k < lengths.length; k++) {
      decays[k] = Math.exp(-lengths[k]);
      sum += lengths[k];
    }
    this.total = sum;
    this.all = Math.exp(-sum);
  }

  /** Made when first asked for: a fit's steps need none. */
  private GaussLegendre rule() {
    if (rule == null) {
      double slope = lengths.length - Arrays.stream(decays).sum();
      int enough = (int) Math.min(MOST_NODES, LEAST_NODES + slope / 2);
      rule = new GaussLegendre(Math.min(enough, (lengths.length + 1) / 2));
      present = new double[rule.nodes.length][];
      absent = new double[rule.nodes.length][];
      presentInverse = new double[rule.nodes.length][];
      absentInverse = new double[rule.nodes.length][];
    }
    return rule;
  }

  final int players() {
    return lengths.length;
  }

  /** Σ ℓ, which is Σ ℓ_k x_k x'_k of a coalition with itself. */
  final double total() {
    return total;
  }

  /** ℓ of a player. */
  final double length(int player) {
    return lengths[player];
  }

  /** exp(−ℓ) of a player. */
  final double decay(int player) {
    return decays[player];
  }

  /** k of two coalitions. */
  double even(double[] a, double[] b) {
    return even(dot(a, b));
  }

  /** k's odd part. */
  double odd(double[] a, double[] b) {
    double dot = dot(a, b);
    return odd(dot, even(dot));
  }

  /** k of two coalitions by Σ ℓ_k x_k x'_k. */
  double even(double dot) {
    return Math.exp((dot - total) / 2);
  }

  /** k's odd part by Σ ℓ_k x_k x'_k and k there. */
  double odd(double dot, double even) {
    // k(z,z') k(z,z̄') is e^(−Σℓ), which saves an exponential.
    double other = even > SMALL ? all / even : Math.exp((-dot - total) / 2);
    return (even - other) / 2;
  }

  /** k's odd part at each Σ ℓ_k x_k x'_k, which it replaces. */
  double[][] odds(double[][] dots) {
    for (double[] row : dots) {
      for (int i = 0; i < row.length; i++) {
        row[i] = odd(row[i], even(row[i]));
      }
    }
    return dots;
  }

  /** k's even part, ½(k(z,z') + k(z,z̄')), by Σ ℓ_k x_k x'_k. */
  double symmetric(double dot) {
    double even = even(dot);
    return even - odd(dot, even);
  }

  /**
   * Σ ℓ_k x_k x'_k for all pairs of coalitions.
   *
   * @param rows a coalition each
   * @param columns the others, a row a player
   */
  double[][] dots(double[][] rows, double[][] columns) {
    return Dense.product(scaled(rows), columns);
  }

  /** The same for all pairs of some coalitions, a row each: the lower triangle. */
  double[][] dots(double[][] rows) {
    return Dense.lower(scaled(rows), Dense.transposed(rows));
  }

  private double[][] scaled(double[][] rows) {
    double[][] scaled = new double[rows.length][lengths.length];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < lengths.length; k++) {
        scaled[i][k] = lengths[k] * rows[i][k];
      }
    }
    return scaled;
  }

  private double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < lengths.length; k++) {
      sum += lengths[k] * a[k] * b[k];
    }
    return sum;
  }

  /** L_j k(·,z) for all players j: an integral of a polynomial in q. */
  double[] values(double[] signs) {
    int players = lengths.length;
    double[] result = new double[players];
    double[] factors = new double[players];
    GaussLegendre rule = rule();
    for (int n = 0; n < rule.nodes.length; n++) {
      factors(n);
      double product = rule.weights[n];
      for (int k = 0; k < players; k++) {
        boolean there = signs[k] > 0;
        product *= there ? present[n][k] : absent[n][k];
        factors[k] = there ? presentInverse[n][k] : absentInverse[n][k];
      }
      for (int j = 0; j < players; j++) {
        result[j] += product * factors[j];
      }
    }
    for (int j = 0; j < players; j++) {
      result[j] *= signs[j] * (1 - decays[j]);
    }
    return result;
  }

  private void factors(int node) {
    if (present[node] != null) {
      return;
    }
    double q = rule.nodes[node];
    double[] there = new double[decays.length];
    double[] gone = new double[decays.length];
    for (int k = 0; k < decays.length; k++) {
      there[k] = q + (1 - q) * decays[k];
      gone[k] = q * decays[k] + 1 - q;
    }
    present[node] = there;
    absent[node] = gone;
    presentInverse[node] = Arrays.stream(there).map(factor -> 1 / factor).toArray();
    absentInverse[node] = Arrays.stream(gone).map(factor -> 1 / factor).toArray();
  }

  /**
   * The same of many coalitions as products of matrices: a product of factors is the exponential of
   * a sum of logarithms, linear in the signs.
   *
   * @param columns the coalitions, a row a player
   * @return of each player a row with what each coalition makes of it
   */
  double[][] values(double[][] columns) {
    int players = lengths.length;
    int nodes = rule().nodes.length;
    double[][] logs = new double[nodes][players];
    double[][] there = new double[players][nodes];
    double[][] gone = new double[players][nodes];
    double[] middle = new double[nodes];
    for (int n = 0; n < nodes; n++) {
      factors(n);
      for (int k = 0; k < players; k++) {
        double up = Math.log(present[n][k]) / 2;
        double down = Math.log(absent[n][k]) / 2;
        double share = rule.weights[n] * (1 - decays[k]);
        middle[n] += up + down;
        logs[n][k] = up - down;
        there[k][n] = share * presentInverse[n][k];
        gone[k][n] = -share * absentInverse[n][k];
      }
    }
    double[][] products = Dense.product(logs, columns);
    for (int n = 0; n < nodes; n++) {
      for (int i = 0; i < products[n].length; i++) {
        products[n][i] = Math.exp(products[n][i] + middle[n]);
      }
    }
    double[][] result = Dense.product(there, products);
    double[][] other = Dense.product(gone, products);
    for (int k = 0; k < players; k++) {
      for (int i = 0; i < result[k].length; i++) {
        result[k][i] = columns[k][i] > 0 ? result[k][i] : other[k][i];
      }
    }
    return result;
  }

  /** L_j L_l k for all j and l. */
  double[][] covariance() {
    int players = lengths.length;
    double[][] result = new double[players][players];
    double[] scaled = new double[players];
    GaussLegendre rule = rule();
    for (int n = 0; n < rule.nodes.length; n++) {
      for (int m = 0; m <= n; m++) {
        double q = rule.nodes[n];
        double p = rule.nodes[m];
        double same = q * p + (1 - q) * (1 - p);
        // The integrand is the same with q and p exchanged.
        double product = (m < n ? 2 : 1) * rule.weights[n] * rule.weights[m];
        for (int k = 0; k < players; k++) {
          double factor = same + (1 - same) * decays[k];
          product *= factor;
          scaled[k] = (1 - decays[k]) / factor;
        }
        double cross = product * (2 * q - 1) * (2 * p - 1);
        for (int j = 0; j < players; j++) {
          result[j][j] += 2 * product * scaled[j];
          for (int l = 0; l < j; l++) {
            result[j][l] += cross * scaled[j] * scaled[l];
          }
        }
      }
    }
    for (int j = 0; j < players; j++) {
      for (int l = 0; l < j; l++) {
        result[l][j] = result[j][l];
      }
    }
    return result;
  }
}
