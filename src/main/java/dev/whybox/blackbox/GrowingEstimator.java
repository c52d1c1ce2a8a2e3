// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.ChosenCoalitions;
import java.util.ArrayList;
import java.util.List;

/**
 * An estimator that chooses pairs of coalitions by the scores of those before them. It chooses the
 * next pairs while the last ones are played: so a choice knows the scores up to the checkpoint, and
 * which other pairs are under way. The first {@code 2 × }{@link #WAVE} pairs are random.
 */
abstract class GrowingEstimator implements Estimator {
  /** Pairs in a wave. The first two waves are random. */
  static final int WAVE = 8;

  final ChosenCoalitions design;
  final CoalitionScores scores;

  private long checkpoint;
  private double last;
  private double slowest;
  private boolean timed;

  /**
   * An estimator without samples; {@link #begin} adds the first.
   *
   * @param design has no coalition yet
   * @param targets at least 1
   */
  GrowingEstimator(ChosenCoalitions design, int targets) {
    this.design = design;
    this.scores = new CoalitionScores(design, targets);
  }

  /** The next random coalition, in the design's words. */
  abstract long[] random();

  /** Whether the next pairs are chosen, and not drawn at random. */
  abstract boolean choosing();

  /**
   * Chooses the next pairs.
   *
   * @param known how many pairs the choice may know the scores of
   * @return the first coalition of each pair, in the design's words
   */
  abstract List<long[]> choose(References references, Outlook outlook, int known);

  /**
   * Adds what was chosen to the design; may add nothing.
   *
   * @param chosen the first coalition of each pair; empty where nothing was chosen
   */
  void take(References references, Outlook outlook, List<long[]> chosen) {
    chosen.forEach(design::addPair);
  }

  /** How many random pairs follow where nothing was taken. */
  int randomPairs() {
    return WAVE;
  }

  /** Adds the first random pairs; comes last in a constructor. */
  final void begin() {
    draw(WAVE);
    checkpoint = design.count();
    draw(WAVE);
  }

  /** Adds random pairs, as many as are still wanted. */
  private void draw(long pairs) {
    long end = Math.min(samples(), design.count() + 2 * pairs);
    while (design.count() < end) {
      design.addPair(random());
    }
  }

  /** Pairs in the design whose scores a choice does not know: the first coalition of each. */
  final List<long[]> underWay(int known) {
    List<long[]> pairs = new ArrayList<>();
    for (long sample = 2L * known; sample < design.count(); sample += 2) {
      long[] bits = new long[design.words()];
      design.get(sample, bits);
      pairs.add(bits);
    }
    return pairs;
  }

  /** How long the last choice took, in seconds; 0 before the first. */
  final double lastChoice() {
    return last;
  }

  /** How long the slowest choice took, in seconds; 0 before the first. */
  final double slowestChoice() {
    return slowest;
  }

  /** Whether there is a deadline. */
  final boolean timed() {
    return timed;
  }

  @Override
  public final long ready() {
    return design.count();
  }

  @Override
  public final long checkpoint() {
    return checkpoint;
  }

  @Override
  public final void accept(long first, int count, float[] more) {
    scores.add(first, count, more);
  }

  @Override
  public final boolean advance(References references, Outlook outlook) {
    timed = outlook.timed();
    long before = design.count();
    List<long[]> chosen = List.of();
    if (choosing() && outlook.left() > 2 * slowest) {
      long start = System.nanoTime();
      chosen = choose(references, outlook, (int) checkpoint / 2);
      last = (System.nanoTime() - start) * 1e-9;
      slowest = Math.max(slowest, last);
    }
    take(references, outlook, chosen);
    if (design.count() == before) {
      draw(randomPairs());
    }
    checkpoint = before;
    return true;
  }
}
