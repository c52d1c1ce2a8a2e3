// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;

/**
 * A family that is fitted to what a linear game misses, in which all players get the same part of
 * the gain. Where one object fills the picture that is nearly true, and few scores can't say so.
 */
public final class PriorMean implements SurrogateFamily {
  private final SurrogateFamily family;

  /**
   * A family on top of even values.
   *
   * @param family of the rest
   */
  public PriorMean(SurrogateFamily family) {
    this.family = family;
  }

  @Override
  public Fit fit(ComplementPairs scores) {
    int players = scores.players();
    Even even = new Even(scores.gain() / players, players);
    double[] rest = scores.odd().clone();
    for (int i = 0; i < rest.length; i++) {
      rest[i] -= even.odd(scores.signs()[i]);
    }
    Fit fit = family.fit(scores.withOdd(rest));
    double[] leftOut = fit.leftOut().clone();
    for (int i = 0; i < leftOut.length; i++) {
      leftOut[i] += even.odd(scores.signs()[i + 1]);
    }
    return new Fit(new Sum(even, fit.surrogate()), leftOut, fit.covariance());
  }

  private record Even(double worth, int players) implements Surrogate {
    @Override
    public double odd(double[] signs) {
      double sum = 0;
      for (double sign : signs) {
        sum += sign;
      }
      return worth * sum / 2;
    }

    @Override
    public double[] values() {
      double[] values = new double[players];
      Arrays.fill(values, worth);
      return values;
    }
  }

  private record Sum(Surrogate one, Surrogate other) implements Surrogate {
    @Override
    public double odd(double[] signs) {
      return one.odd(signs) + other.odd(signs);
    }

    @Override
    public double[] values() {
      double[] values = one.values();
      double[] more = other.values();
      for (int k = 0; k < values.length; k++) {
        values[k] += more[k];
      }
      return values;
    }
  }
}
