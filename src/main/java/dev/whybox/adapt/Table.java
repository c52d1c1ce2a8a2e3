// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import java.util.Arrays;

/**
 * Numbers of candidates, of the first image of a probe.
 *
 * @param tensor the tensor's name
 * @param rows numbers per candidate
 * @param count how many candidates
 * @param candidatesFirst whether the axes are [candidates, rows]
 * @param values the numbers
 */
record Table(String tensor, int rows, int count, boolean candidatesFirst, float[] values) {
  private static final float SLACK = 1e-3f;

  float at(int row, int candidate) {
    return values[candidatesFirst ? candidate * rows + row : row * count + candidate];
  }

  float least(int row) {
    float least = Float.POSITIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, at(row, i));
    }
    return least;
  }

  float most(int row) {
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, at(row, i));
    }
    return most;
  }

  /** Whether a row can be probabilities. Numbers that are not finite say nothing. */
  boolean likely(int row) {
    for (int i = 0; i < count; i++) {
      float value = at(row, i);
      if (Float.isFinite(value) && (value < -SLACK || value > 1 + SLACK)) {
        return false;
      }
    }
    return true;
  }

  boolean likely(int from, int to) {
    for (int row = from; row < to; row++) {
      if (!likely(row)) {
        return false;
      }
    }
    return true;
  }

  /** Whether rows are what a sigmoid reads: most numbers are far below 0. */
  boolean logits(int from, int to) {
    int low = 0;
    for (int row = from; row < to; row++) {
      for (int i = 0; i < count; i++) {
        low += at(row, i) < -1 ? 1 : 0;
      }
    }
    return low > 0.9 * count * (to - from);
  }

  boolean all(int row, float value) {
    for (int i = 0; i < count; i++) {
      if (!(Math.abs(at(row, i) - value) < 1e-5f)) {
        return false;
      }
    }
    return true;
  }

  boolean whole(int row) {
    for (int i = 0; i < count; i++) {
      float value = at(row, i);
      if (!(value >= 0) || value != Math.rint(value)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the first four rows are corners: those of a centre and a size break this order at every
   * small box on the right.
   */
  boolean corners() {
    int wrong = 0;
    for (int i = 0; i < count; i++) {
      // Written so that NaN is wrong too.
      boolean right = at(2, i) >= at(0, i) - SLACK && at(3, i) >= at(1, i) - SLACK;
      wrong += right ? 0 : 1;
    }
    return wrong <= count / 100;
  }

  /** Whether the first four rows are shares of the input's sides: no box ends beyond 1.5. */
  boolean shares() {
    for (int row = 0; row < 4; row++) {
      for (int i = 0; i < count; i++) {
        if (!(Math.abs(at(row, i)) <= 1.5f)) {
          return false;
        }
      }
    }
    return true;
  }

  /** How well the boxes' middles follow the cells of a grid: 1 where they lie in their cells. */
  double follows(Grid grid) {
    boolean corners = corners();
    double least = 1;
    for (int axis = 0; axis < 2; axis++) {
      double[] found = new double[count];
      double[] wanted = new double[count];
      for (int i = 0; i < count; i++) {
        found[i] = corners ? (at(axis, i) + at(axis + 2, i)) / 2 : at(axis, i);
        wanted[i] = axis == 0 ? grid.x(i) : grid.y(i);
      }
      least = Math.min(least, correlation(found, wanted));
    }
    return least;
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElse(0);
    double meanB = Arrays.stream(b).average().orElse(0);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
  }
}
