// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/** Gauss and Legendre's quadrature on [0,1]: n nodes integrate polynomials up to 2n−1 exactly. */
public final class GaussLegendre {
  private static final int STEPS = 100;

  final double[] nodes;
  final double[] weights;

  /**
   * The rule with so many nodes.
   *
   * @param count how many, at least 1
   */
  public GaussLegendre(int count) {
    nodes = new double[count];
    weights = new double[count];
    for (int i = 0; i < count; i++) {
      double x = StrictMath.cos(Math.PI * (i + 0.75) / (count + 0.5));
      double slope = 1;
      for (int step = 0; step < STEPS; step++) {
        double before = 1;
        double value = x;
        for (int n = 2; n <= count; n++) {
          double next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
          before = value;
          value = next;
        }
        slope = count * (x * value - before) / (x * x - 1);
        double move = value / slope;
        x -= move;
        if (Math.abs(move) < 1e-15) {
          break;
        }
      }
      nodes[i] = (1 - x) / 2;
      weights[i] = 1 / ((1 - x * x) * slope * slope);
    }
  }

  /**
   * Where the rule looks.
   *
   * @return the nodes, in (0,1)
   */
  public double[] nodes() {
    return nodes.clone();
  }

  /**
   * What each node counts.
   *
   * @return the weights, of sum 1
   */
  public double[] weights() {
    return weights.clone();
  }
}
