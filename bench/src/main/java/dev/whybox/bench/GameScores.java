// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.shapley.ComplementPairs;

/** Scores of a design's pairs: those that are stored, or played as they are asked for. */
interface GameScores extends AutoCloseable {
  ComplementPairs of(int pairs, int target);

  @Override
  default void close() {}
}
