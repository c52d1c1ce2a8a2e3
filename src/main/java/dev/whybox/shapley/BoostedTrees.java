// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.ArrayList;
import java.util.List;

/**
 * Gradient-boosted shallow trees (Friedman 2001) on coalitions, whose Shapley values are the sum of
 * their leaves'. How many trees is decided on pairs held back. Standard errors are those of the
 * grouped jackknife over the same parts of the pairs: they know of chance, not of what such trees
 * can't express.
 */
public final class BoostedTrees implements SurrogateFamily {
  private static final int DEPTH = 3;
  private static final int MOST_TREES = 200;
  private static final double RATE = 0.1;

  /** Growing ends when so many trees in turn have not made errors on pairs held back less. */
  private static final int PATIENCE = 20;

  /** A family. */
  public BoostedTrees() {}

  @Override
  public Fit fit(ComplementPairs scores) {
    int players = scores.players();
    Folds folds = Folds.of(scores);
    if (folds.count() == 0 || players == 1) {
      return new Fit(new Ensemble(players, List.of()), new double[folds.pairs()], null);
    }
    List<Boosting> parts = new ArrayList<>();
    for (int fold = 0; fold < folds.count(); fold++) {
      parts.add(new Boosting(scores.only(folds.seen(fold))));
    }
    double[] found = new double[folds.pairs()];
    double[] best = found.clone();
    double least = loss(scores, found);
    int trees = 0;
    for (int n = 1; n <= MOST_TREES && n <= trees + PATIENCE; n++) {
      for (int fold = 0; fold < folds.count(); fold++) {
        CoalitionTree tree = parts.get(fold).step();
        for (int i : folds.held(fold)) {
          found[i - 1] += RATE * tree.odd(scores.signs()[i]);
        }
      }
      double loss = loss(scores, found);
      if (loss < least) {
        least = loss;
        best = found.clone();
        trees = n;
      }
    }
    double[][] values = new double[folds.count()][];
    for (int fold = 0; fold < values.length; fold++) {
      values[fold] = parts.get(fold).ensemble(trees).values();
      scores.balance(values[fold]);
    }
    Boosting all = new Boosting(scores);
    for (int n = 0; n < trees; n++) {
      all.step();
    }
    return new Fit(all.ensemble(trees), best, jackknife(values));
  }

  private static double loss(ComplementPairs scores, double[] found) {
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      sum += Math.pow(scores.odd()[i + 1] - found[i], 2);
    }
    return sum;
  }

  /** Each tree is grown on what those before it leave. */
  private static final class Boosting {
    private final double[][] signs;
    private final double[] rest;
    private final List<CoalitionTree> trees = new ArrayList<>();

    Boosting(ComplementPairs scores) {
      this.signs = scores.signs();
      this.rest = scores.odd().clone();
    }

    CoalitionTree step() {
      CoalitionTree tree = CoalitionTree.grow(signs, rest, DEPTH);
      for (int i = 0; i < rest.length; i++) {
        rest[i] -= RATE * tree.odd(signs[i]);
      }
      trees.add(tree);
      return tree;
    }

    Ensemble ensemble(int count) {
      return new Ensemble(signs[0].length, List.copyOf(trees.subList(0, count)));
    }
  }

  /** Of g estimates, each without one of g groups: (g−1)/g times their squares about the mean. */
  private static double[][] jackknife(double[][] values) {
    int players = values[0].length;
    double[] mean = new double[players];
    for (double[] row : values) {
      for (int k = 0; k < players; k++) {
        mean[k] += row[k] / values.length;
      }
    }
    double[][] covariance = new double[players][players];
    for (double[] row : values) {
      for (int k = 0; k < players; k++) {
        for (int l = 0; l < players; l++) {
          covariance[k][l] +=
              (row[k] - mean[k]) * (row[l] - mean[l]) * (values.length - 1) / values.length;
        }
      }
    }
    return covariance;
  }

  private record Ensemble(int players, List<CoalitionTree> trees) implements Surrogate {
    @Override
    public double odd(double[] signs) {
      double sum = 0;
      for (CoalitionTree tree : trees) {
        sum += RATE * tree.odd(signs);
      }
      return sum;
    }

    @Override
    public double[] values() {
      double[] values = new double[players];
      trees.forEach(tree -> tree.addValues(RATE, values));
      return values;
    }
  }
}
