// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.blackbox.Quadtree.Finer;
import dev.whybox.design.ChosenCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.ActiveDesign;
import dev.whybox.shapley.ComplementPairs;
import dev.whybox.shapley.GaussianProcess;
import dev.whybox.shapley.NestedCoalitions;
import dev.whybox.shapley.ScatteredCoalitions;
import dev.whybox.shapley.ShapleyValues;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Nested Owen values of a grid from coarse to fine: a {@link Quadtree} whose leaves are the players
 * of a Gaussian process. Between waves those leaves are cut whose parts may differ by so much, over
 * all targets together, that not knowing it weighs more in the map's squared error than the errors
 * that there are; so the budget goes where the values are, and cells that do not matter stay
 * together. Coalitions are unions of leaves, so all scores before still tell after a cut, and the
 * evaluator sees the finest grid alone.
 *
 * <p>Like {@link AdaptiveGaussianEstimator} it chooses a wave while the one before is played.
 * Without a deadline cuts and coalitions are a function of the seed and the scores alone, however
 * they were cut into waves.
 */
final class QuadtreeOwenEstimator extends GrowingEstimator {
  /** More pairs than this cost the process more time than they are worth. */
  static final int MOST_PAIRS = 512;

  /** Later waves are this part of the pairs that are known, since a choice takes longer then. */
  private static final int PART = 8;

  private static final int POOL = 192;

  /** More targets than this have no say in the choice, else it would take longer than forwards. */
  private static final int MOST_TARGETS = 8;

  /** A target without a gain has no map to get right. */
  private static final double NOTHING = 1e-6;

  /** Leaves at most, in parts of the pairs whose scores are known. */
  private static final double LEAVES_A_PAIR = 1;

  /**
   * A leaf is cut where what is not known of its parts adds more to the map's squared error than so
   * many leaves' errors do on average.
   */
  private static final double WORTH = 3;

  /** A leaf whose cells differ, as a whole, by less than this part of the sum is not cut. */
  private static final double LEAST_SHARE = 0.003;

  /**
   * What standard errors lack beside {@link GaussianProcess}'s own widening: the cuts were chosen
   * by the same scores. And what the prior lacks of how much the cells of a block differ. Found on
   * games whose values are known; see docs/shapley.md.
   */
  private static final double CALIBRATION = 1.2;

  private static final double SPREAD = 1.4;

  private final Segments cells;
  private final double[][][] hints;
  private final Estimation estimation;
  private final long samples;
  private final long seed;
  private final int threads;
  private final List<GaussianProcess> processes = new ArrayList<>();
  private Quadtree tree;
  private Segments leaves;
  private NestedCoalitions nested;
  private ScatteredCoalitions scattered;
  private long drawn;

  /**
   * An estimator.
   *
   * @param cells a grid, the finest
   * @param hints of each target and guess one number per cell, standardised
   * @param samples how many are wanted
   * @param threads for the last estimate, at least 1
   */
  QuadtreeOwenEstimator(
      Segments cells,
      ChosenCoalitions design,
      long seed,
      double[][][] hints,
      long samples,
      int threads) {
    super(design, hints.length);
    this.cells = cells;
    this.hints = hints;
    this.seed = seed;
    this.threads = threads;
    this.samples = Math.min(samples & ~1, 2 * MOST_PAIRS);
    this.estimation =
        new Estimation(ShapleyEstimatorKind.REFINE.label(), "asked for", samples, this.samples);
    use(new Quadtree(cells.rows(), cells.columns()));
    for (int t = 0; t < hints.length; t++) {
      processes.add(new GaussianProcess(tree.hierarchy(), sizes(tree), hints(tree, t)));
    }
    begin();
  }

  private void use(Quadtree next) {
    tree = next;
    leaves = cells.merged(tree.owners(), tree.leaves());
    nested = new NestedCoalitions(tree.hierarchy(), seed);
    scattered = new ScatteredCoalitions(tree.hierarchy(), seed);
  }

  private static double[] sizes(Quadtree tree) {
    return IntStream.range(0, tree.leaves()).mapToDouble(tree::cells).toArray();
  }

  /** Of each guess the mean over a leaf's cells. */
  private double[][] hints(Quadtree tree, int target) {
    int[] owners = tree.owners();
    double[][] result = new double[hints[target].length][tree.leaves()];
    for (int h = 0; h < result.length; h++) {
      for (int cell = 0; cell < owners.length; cell++) {
        result[h][owners[cell]] += hints[target][h][cell] / tree.cells(owners[cell]);
      }
    }
    return result;
  }

  /** The next random coalition of leaves; those of both kinds in turn. */
  private long[] next() {
    long[] bits = new long[nested.words()];
    Coalitions kind = drawn % 2 == 0 ? nested : scattered;
    kind.get(2 * drawn++, bits);
    return bits;
  }

  @Override
  long[] random() {
    return cells(next());
  }

  /** The cells of the leaves of a coalition. */
  private long[] cells(long[] bits) {
    int[] owners = tree.owners();
    long[] result = new long[design.words()];
    for (int cell = 0; cell < owners.length; cell++) {
      result[cell >> 6] |= (bits[owners[cell] >> 6] >>> owners[cell] & 1) << cell;
    }
    return result;
  }

  /** The leaves of a coalition of cells that has all of a leaf's cells or none. */
  private long[] leaves(long[] bits) {
    int[] members = tree.members();
    long[] result = new long[nested.words()];
    for (int leaf = 0; leaf < members.length; leaf++) {
      result[leaf >> 6] |= (bits[members[leaf] >> 6] >>> members[leaf] & 1) << leaf;
    }
    return result;
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public Optional<Estimation> estimation() {
    return Optional.of(estimation);
  }

  @Override
  boolean choosing() {
    return true;
  }

  /** Cuts and chooses by the scores up to the checkpoint, however many more there are. */
  @Override
  List<long[]> choose(References references, Outlook outlook, int known) {
    double[] gains = references.gains();
    List<Integer> heard = references.heard(MOST_TARGETS);
    List<ComplementPairs> pairs = heard.stream().map(t -> pairs(references, t, known)).toList();
    for (int i = 0; i < pairs.size(); i++) {
      processes.get(heard.get(i)).fit(pairs.get(i));
    }
    BitSet chosen = worthy(heard, pairs, known);
    if (!chosen.isEmpty()) {
      Finer finer = tree.cut(chosen);
      use(finer.tree());
      for (int t = 0; t < hints.length; t++) {
        processes.set(
            t,
            processes
                .get(t)
                .refined(finer.parents(), tree.hierarchy(), sizes(tree), hints(tree, t)));
      }
      heard.forEach(t -> processes.get(t).fit(pairs(references, t, known)));
    }
    List<long[]> candidates = new ArrayList<>();
    for (int c = 0; c < POOL; c++) {
      candidates.add(next());
    }
    List<long[]> next =
        ActiveDesign.choose(
            heard.stream().map(processes::get).toList(),
            heard.stream().mapToDouble(t -> gains[t]).toArray(),
            underWay(known).stream().map(this::leaves).toList(),
            candidates,
            (int) Math.min(Math.max(WAVE, known / PART), (samples - design.count()) / 2));
    return next.stream().map(this::cells).toList();
  }

  private ComplementPairs pairs(References references, int target, int known) {
    return scores.pairs(references, target, known).grouped(tree.members());
  }

  /** The leaves worth a cut, of equals the first, as many as the scores can tell apart. */
  private BitSet worthy(List<Integer> heard, List<ComplementPairs> pairs, int known) {
    BitSet chosen = new BitSet();
    int count = tree.leaves();
    if (count + 1 > LEAVES_A_PAIR * known) {
      return chosen;
    }
    double[] unknown = new double[count];
    double errors = 0;
    for (int i = 0; i < pairs.size(); i++) {
      double gain = pairs.get(i).gain();
      if (Math.abs(gain) <= NOTHING) {
        continue;
      }
      GaussianProcess process = processes.get(heard.get(i)).copy();
      ShapleyValues found = process.quickEstimate(pairs.get(i));
      double[] spreads = process.spreads(tree.owners(), tree.finest());
      for (int leaf = 0; leaf < spreads.length; leaf++) {
        int cells = tree.cells(leaf);
        errors += Math.pow(found.standardErrors()[leaf] / gain, 2) / cells;
        unknown[leaf] += Math.pow(spreads[leaf] / gain, 2) * cells;
      }
    }
    double least = Math.max(WORTH * errors / count, LEAST_SHARE * LEAST_SHARE);
    List<Integer> order =
        IntStream.range(0, unknown.length)
            .boxed()
            .filter(leaf -> tree.cells(leaf) > 1 && unknown[leaf] > least)
            .sorted(Comparator.comparing((Integer leaf) -> -unknown[leaf]))
            .toList();
    for (int leaf : order) {
      count += Math.min(4, tree.cells(leaf)) - 1;
      if (count > LEAVES_A_PAIR * known) {
        break;
      }
      chosen.set(leaf);
    }
    return chosen;
  }

  /** Leaves the processes as they are, so that a look at a partial result changes nothing. */
  @Override
  public List<Estimate> estimate(References references) {
    return Workers.map(
        threads,
        hints.length,
        t -> estimate(pairs(references, t, scores.count() / 2), processes.get(t).copy()));
  }

  private Estimate estimate(ComplementPairs known, GaussianProcess process) {
    ShapleyValues found = timed() ? process.quickEstimate(known) : process.estimate(known);
    int count = tree.leaves();
    double[] errors = new double[count];
    double[] cellErrors = process.spreads(tree.owners(), tree.finest());
    double[][] covariance = found.covariance();
    for (int leaf = 0; leaf < count; leaf++) {
      for (int other = 0; other < count; other++) {
        covariance[leaf][other] *= CALIBRATION * CALIBRATION;
      }
      errors[leaf] = CALIBRATION * found.standardErrors()[leaf];
      cellErrors[leaf] = Math.hypot(SPREAD * cellErrors[leaf], errors[leaf] / tree.cells(leaf));
    }
    return new Estimate(new SegmentValues(leaves, found.values(), errors, covariance, cellErrors));
  }
}
