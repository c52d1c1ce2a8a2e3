// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

import java.util.Arrays;

/**
 * A design that grows during the run: a list of coalitions, each chosen by looking at the scores so
 * far. Coalitions in the list never change, so the design is still a function of the sample's
 * number. One thread may add coalitions while other threads read those added before they started.
 */
public final class ChosenCoalitions implements Coalitions {
  private final int players;
  private volatile long[][] chosen = new long[16][];
  private volatile int count;

  /**
   * An empty list.
   *
   * @param players at least 1
   */
  public ChosenCoalitions(int players) {
    if (players < 1) {
      throw new IllegalArgumentException("players must be at least 1, but are " + players);
    }
    this.players = players;
  }

  /**
   * Appends a coalition and its complement.
   *
   * @param bits the coalition, {@link #words} words; it is copied
   */
  public synchronized void addPair(long[] bits) {
    long[] first = Arrays.copyOf(bits, words());
    long[] second = first.clone();
    Subset.complement(players, second);
    if (count + 2 > chosen.length) {
      chosen = Arrays.copyOf(chosen, 2 * chosen.length);
    }
    chosen[count] = first;
    chosen[count + 1] = second;
    count += 2;
  }

  /**
   * The number of coalitions in the list.
   *
   * @return at least 0
   */
  public int count() {
    return count;
  }

  @Override
  public int players() {
    return players;
  }

  @Override
  public void get(long sample, long[] bits) {
    if (sample < 0 || sample >= count) {
      throw new IllegalArgumentException(
          "sample " + sample + " was not chosen: the list has " + count);
    }
    System.arraycopy(chosen[(int) sample], 0, bits, 0, words());
  }

  /** Returns the list itself, so that a copy sees later additions too. */
  @Override
  public Coalitions copy() {
    return this;
  }
}
