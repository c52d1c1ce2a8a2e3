// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.blackbox.Estimator.References;
import dev.whybox.design.Coalitions;
import dev.whybox.shapley.ComplementPairs;
import java.util.Arrays;

/**
 * The scores of a design's coalitions so far, one float a sample and target; the coalitions
 * themselves are drawn again when needed.
 */
final class CoalitionScores {
  private final Coalitions design;
  private final int targets;
  private float[] scores = new float[0];
  private int count;

  CoalitionScores(Coalitions design, int targets) {
    this.design = design;
    this.targets = targets;
  }

  void add(long first, int added, float[] more) {
    if (first != count) {
      throw new IllegalStateException("expected sample " + count + ", found " + first);
    }
    int needed = Math.multiplyExact(count + added, targets);
    if (needed > scores.length) {
      scores = Arrays.copyOf(scores, Math.max(needed, scores.length * 2));
    }
    System.arraycopy(more, 0, scores, count * targets, added * targets);
    count += added;
  }

  int count() {
    return count;
  }

  int targets() {
    return targets;
  }

  int players() {
    return design.players();
  }

  float score(int sample, int target) {
    return scores[sample * targets + target];
  }

  /** What a target's scores are of pairs of complements; a last sample without one is left out. */
  ComplementPairs pairs(References references, int target) {
    return pairs(references, target, count / 2);
  }

  /** The same of the first pairs alone. */
  ComplementPairs pairs(References references, int target, int pairs) {
    return pairs(references, target, 0, pairs);
  }

  /** The same of some pairs. */
  ComplementPairs pairs(References references, int target, int from, int end) {
    Coalitions mine = design.copy();
    int pairs = end - from;
    long[][] bits = new long[pairs][mine.words()];
    double[] first = new double[pairs];
    double[] second = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      int sample = 2 * (from + i);
      mine.get(sample, bits[i]);
      first[i] = score(sample, target);
      second[i] = score(sample + 1, target);
    }
    return new ComplementPairs(
        mine.players(), bits, first, second, references.full()[target], references.empty()[target]);
  }

  /** Visits all samples in order. */
  void forEach(Visitor visitor) {
    Coalitions mine = design.copy();
    long[] bits = new long[mine.words()];
    int[] members = new int[mine.players()];
    for (int sample = 0; sample < count; sample++) {
      mine.get(sample, bits);
      visitor.visit(sample, members, list(bits, members));
    }
  }

  private static int list(long[] bits, int[] members) {
    int size = 0;
    for (int w = 0; w < bits.length; w++) {
      for (long word = bits[w]; word != 0; word &= word - 1) {
        members[size++] = 64 * w + Long.numberOfTrailingZeros(word);
      }
    }
    return size;
  }

  /** Sees one sample. */
  @FunctionalInterface
  interface Visitor {
    /**
     * One sample.
     *
     * @param sample its number
     * @param members the segments that are present, in ascending order, in the first places
     * @param size how many they are
     */
    void visit(int sample, int[] members, int size);
  }
}
