// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.design.LeverageCoalitions;
import dev.whybox.shapley.AntisymmetricProcess.Candidate;
import java.util.ArrayList;
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

  private final int players;
  private final LeverageCoalitions pool;
  private long drawn;

  /**
   * A design.
   *
   * @param players at least 2
   * @param seed of the pool
   */
  public ActiveDesign(int players, long seed) {
    this.players = players;
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
      long[] words = new long[(players + 63) / 64];
      pool.get(2 * drawn++, words);
      candidates.add(words);
    }
    return choose(processes, gains, played, candidates, count);
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
    List<long[]> bits = new ArrayList<>(played);
    bits.addAll(pool);
    List<Target> targets = new ArrayList<>();
    for (int t = 0; t < gains.length; t++) {
      AntisymmetricProcess process = processes.get(t).process();
      if (process != null && Math.abs(gains[t]) > NOTHING) {
        targets.add(new Target(process, process.scale() / (gains[t] * gains[t]), bits));
      }
    }
    for (int c = 0; c < played.size(); c++) {
      for (Target target : targets) {
        target.take(c);
      }
    }
    List<long[]> chosen = new ArrayList<>();
    boolean[] taken = new boolean[bits.size()];
    for (int i = 0; i < Math.min(count, pool.size()); i++) {
      int best = -1;
      double most = -1;
      for (int c = played.size(); c < bits.size(); c++) {
        double drop = 0;
        for (Target target : targets) {
          drop += target.drop(c);
        }
        if (!taken[c] && drop > most) {
          best = c;
          most = drop;
        }
      }
      taken[best] = true;
      chosen.add(bits.get(best));
      for (Target target : targets) {
        target.take(best);
      }
    }
    return chosen;
  }

  /** One target's pool; what a pair tells is taken out of all others when it is chosen. */
  private static final class Target {
    private final AntisymmetricProcess process;
    private final double weight;
    private final List<Candidate> candidates;
    private final double[][] gains;
    private final double[] variances;
    private final List<double[]> known = new ArrayList<>();

    Target(AntisymmetricProcess process, double weight, List<long[]> pool) {
      int players = process.players();
      this.process = process;
      this.weight = weight;
      this.gains = new double[pool.size()][];
      this.variances = new double[pool.size()];
      double[][] signs = new double[pool.size()][players];
      for (int c = 0; c < signs.length; c++) {
        for (int k = 0; k < players; k++) {
          signs[c][k] = (pool.get(c)[k >> 6] >>> k & 1) != 0 ? 1 : -1;
        }
      }
      this.candidates = process.candidates(signs);
      for (int c = 0; c < gains.length; c++) {
        gains[c] = candidates.get(c).gain().clone();
        variances[c] = candidates.get(c).variance();
      }
    }

    double drop(int c) {
      double sum = 0;
      for (double gain : gains[c]) {
        sum += gain * gain;
      }
      return weight * sum / variances[c];
    }

    void take(int best) {
      double root = Math.sqrt(variances[best]);
      double[] gain = gains[best].clone();
      double[] row = new double[gains.length];
      for (int c = 0; c < row.length; c++) {
        double covariance = process.covariance(candidates.get(best), candidates.get(c));
        for (double[] before : known) {
          covariance -= before[best] * before[c];
        }
        row[c] = covariance / root;
      }
      known.add(row);
      for (int c = 0; c < row.length; c++) {
        variances[c] = Math.max(AntisymmetricProcess.LEAST_NOISE, variances[c] - row[c] * row[c]);
        for (int j = 0; j < gain.length; j++) {
          gains[c][j] -= row[c] * gain[j] / root;
        }
      }
    }
  }
}
