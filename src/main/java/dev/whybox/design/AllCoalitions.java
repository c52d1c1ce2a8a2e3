// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

/**
 * Every coalition once, except the empty and the full one. The order is scattered, and every
 * coalition is followed by its complement, so a run that stops early has seen a fair sample.
 * Scattering multiplies by an odd number modulo a power of two, which visits every number once.
 */
public final class AllCoalitions implements Coalitions {
  private static final int MAX_PLAYERS = 30;

  /** Odd, therefore invertible modulo any power of two; near the golden section of 2³². */
  private static final long SCATTER = 0x9E3779B1L;

  private final int players;
  private final long all;

  /**
   * The coalitions of a number of players.
   *
   * @param players 1 to 30
   */
  public AllCoalitions(int players) {
    if (players < 1 || players > MAX_PLAYERS) {
      throw new IllegalArgumentException("players must be 1 to 30, but are " + players);
    }
    this.players = players;
    this.all = (1L << players) - 1;
  }

  /**
   * The number of coalitions.
   *
   * @return 2^players − 2
   */
  public long count() {
    return all - 1;
  }

  @Override
  public int players() {
    return players;
  }

  @Override
  public void get(long sample, long[] bits) {
    // Half of all coalitions lack the last player; the others are their complements. Number 0 of
    // that half is the empty coalition, which is left out.
    long halfMask = all >>> 1;
    long pair = sample / 2 + 1;
    long coalition = (pair * SCATTER) & halfMask;
    bits[0] = (sample & 1) == 0 ? coalition : all ^ coalition;
  }

  @Override
  public Coalitions copy() {
    return this;
  }
}
