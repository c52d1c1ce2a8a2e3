// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.verify;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Spearman's rank correlation (Spearman 1904): whether two maps order the pixels in the same way.
 */
final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * Computes the correlation of the ranks. Equal values share the mean of their ranks.
   *
   * @param first any finite values
   * @param second as many finite values
   * @return in [−1,1]; NaN if one map is flat
   */
  static double of(float[] first, float[] second) {
    double[] a = ranks(first);
    double[] b = ranks(second);
    double mean = (a.length - 1) / 2.0;
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - mean) * (b[i] - mean);
      squareA += (a[i] - mean) * (a[i] - mean);
      squareB += (b[i] - mean) * (b[i] - mean);
    }
    return product / Math.sqrt(squareA * squareB);
  }

  private static double[] ranks(float[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    double[] ranks = new double[values.length];
    int start = 0;
    while (start < order.length) {
      int end = start;
      while (end < order.length && values[order[end]] == values[order[start]]) {
        end++;
      }
      for (int i = start; i < end; i++) {
        ranks[order[i]] = (start + end - 1) / 2.0;
      }
      start = end;
    }
    return ranks;
  }
}
