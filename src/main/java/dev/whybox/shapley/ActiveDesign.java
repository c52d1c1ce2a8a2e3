// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.design.LeverageCoalitions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Chooses which pairs to play next: those from a random pool that are expected to lower the
 * variance of the Shapley values most, over all targets together, each target's variance divided by
 * the square of what its values sum to. A function of the fits and the pool alone; of equals the
 * first is taken.
 */
public final class ActiveDesign {
  private static final int POOL = 192;

  /** A gain below this is rounding, and a target without a gain has no map to get right. */
  private static final double NOTHING = 1e-6;

  private final LeverageCoalitions pool;
  private long drawn;
  private Selection selection;

  /**
   * A design.
   *
   * @param players at least 2
   * @param seed of the pool
   */
  public ActiveDesign(int players, long seed) {
    // Not the coalitions of the random design of the same seed.
    this.pool = new LeverageCoalitions(players, ~seed);
  }

  /**
   * The next pairs.
   *
   * @param processes one per target, each after a fit
   * @param gains what each target's values sum to
   * @param count how many pairs
   * @return the first coalition of each pair
   */
  public List<long[]> choose(List<GaussianProcess> processes, double[] gains, int count) {
    return choose(processes, gains, List.of(), count);
  }

  /**
   * The next pairs, where others are being played. What those will tell is taken into account: it
   * depends on which they are, not on their scores.
   *
   * @param processes one per target, each after a fit
   * @param gains what each target's values sum to
   * @param played the first coalition of each pair that the fits do not know yet
   * @param count how many pairs
   * @return the first coalition of each pair
   */
  public List<long[]> choose(
      List<GaussianProcess> processes, double[] gains, List<long[]> played, int count) {
    List<long[]> candidates = new ArrayList<>();
    for (int c = 0; c < POOL; c++) {
      long[] words = new long[pool.words()];
      pool.get(2 * drawn++, words);
      candidates.add(words);
    }
    selection = new Selection(processes, gains, played, candidates);
    return selection.next(count);
  }

  /**
   * Further pairs by the fits of the last choice, from what is left of its pool: for a fraction of
   * its time, since nothing needs to be worked out again.
   *
   * @param count how many pairs
   * @return the first coalition of each pair; fewer where the pool is at its end
   */
  public List<long[]> more(int count) {
    return selection.next(count);
  }

  /**
   * The pairs of a given pool that tell most.
   *
   * @param processes one per target, each after a fit
   * @param gains what each target's values sum to
   * @param played the first coalition of each pair that the fits do not know yet
   * @param pool the first coalition of each pair that may be played
   * @param count how many pairs
   * @return the first coalition of each pair; all of the pool where it has no more
   */
  public static List<long[]> choose(
      List<GaussianProcess> processes,
      double[] gains,
      List<long[]> played,
      List<long[]> pool,
      int count) {
    return new Selection(processes, gains, played, pool).next(count);
  }

  /** A pool, and what is left of it. */
  private static final class Selection {
    private final List<long[]> bits;
    private final List<Target> targets = new ArrayList<>();
    private final BitSet open = new BitSet();

    Selection(
        List<GaussianProcess> processes, double[] gains, List<long[]> played, List<long[]> pool) {
      this.bits = new ArrayList<>(played);
      bits.addAll(pool);
      open.set(played.size(), bits.size());
      for (int t = 0; t < gains.length; t++) {
        AntisymmetricProcess process = processes.get(t).process();
        if (process != null && Math.abs(gains[t]) > NOTHING) {
          double weight = process.scale() / (gains[t] * gains[t]);
          targets.add(new Target(weight, process.candidates(signs(process.players()))));
        }
      }
      for (int c = 0; c < played.size(); c++) {
        for (Target target : targets) {
          target.candidates().take(c);
        }
      }
    }

    private double[][] signs(int players) {
      double[][] signs = new double[bits.size()][players];
      for (int c = 0; c < signs.length; c++) {
        for (int k = 0; k < players; k++) {
          signs[c][k] = (bits.get(c)[k >> 6] >>> k & 1) != 0 ? 1 : -1;
        }
      }
      return signs;
    }

    List<long[]> next(int count) {
      List<long[]> chosen = new ArrayList<>();
      while (chosen.size() < count && !open.isEmpty()) {
        double[] drops = new double[bits.size()];
        for (Target target : targets) {
          target.candidates().addDrops(target.weight(), drops);
        }
        int best = open.nextSetBit(0);
        for (int c = best; c >= 0; c = open.nextSetBit(c + 1)) {
          best = drops[c] > drops[best] ? c : best;
        }
        open.clear(best);
        chosen.add(bits.get(best));
        for (Target target : targets) {
          target.candidates().take(best);
        }
      }
      return chosen;
    }
  }

  /** What a drop of its variance is multiplied by, and what pairs would tell of it. */
  private record Target(double weight, Candidates candidates) {}
}
