// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often a 95 % interval holds the true value, over all seeds, targets and players. */
final class Coverage {
  /** Errors in standard errors, a list a number of pairs. */
  private final Map<Integer, List<Double>> standard = new TreeMap<>();

  void add(int pairs, double off, double error) {
    standard
        .computeIfAbsent(pairs, p -> new ArrayList<>())
        .add(error > 0 ? off / error : off > 0 ? Double.POSITIVE_INFINITY : 0);
  }

  /** The part of the intervals, and how many times as long 95 % would hold. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("95 % intervals hold");
    standard.forEach(
        (pairs, found) -> text.append(" | ").append(2 * pairs + 2).append(told(found)));
    return text + " | all" + told(standard.values().stream().flatMap(List::stream).toList());
  }

  private static String told(List<Double> found) {
    double[] sorted = found.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    long held = Arrays.stream(sorted).filter(off -> off <= 1.96).count();
    return ": %.3f (%.2f)"
        .formatted((double) held / sorted.length, sorted[(int) (0.95 * sorted.length)] / 1.96);
  }
}
