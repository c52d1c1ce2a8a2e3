// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.stream.IntStream;

/** Parts of the pairs that are held back in turn; pair 0 is known to all. */
record Folds(int pairs, int count) {
  /** More cost more and tell little more (Breiman and Spector 1992). */
  private static final int MOST = 5;

  /** Folds of all pairs but pair 0; none where there are fewer than 2. */
  static Folds of(ComplementPairs scores) {
    int pairs = scores.pairs() - 1;
    return new Folds(pairs, pairs < 2 ? 0 : Math.min(MOST, pairs));
  }

  /** The pairs held back. */
  int[] held(int fold) {
    return IntStream.rangeClosed(1, pairs).filter(i -> i % count == fold).toArray();
  }

  /** The pairs a fit may see, but for pair 0. */
  int[] seen(int fold) {
    return IntStream.rangeClosed(1, pairs).filter(i -> i % count != fold).toArray();
  }
}
