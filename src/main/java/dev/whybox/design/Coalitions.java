// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

/**
 * A design: it says which segments keep their pixels in sample i. Segment k is bit k mod 64 of word
 * k/64. A design is a pure function of its seed and i, computed with integers only, so it is the
 * same on every machine. For one thread at a time.
 */
public interface Coalitions {

  /**
   * The number of segments, which are the players.
   *
   * @return at least 1
   */
  int players();

  /**
   * Writes one coalition.
   *
   * @param sample the sample's number, from 0
   * @param bits receives {@code ceil(players/64)} words; bits past the last player are 0
   */
  void get(long sample, long[] bits);

  /**
   * Makes the same design for another thread.
   *
   * @return a copy with scratch memory of its own
   */
  Coalitions copy();

  /**
   * The number of words that hold one coalition.
   *
   * @return {@code ceil(players/64)}
   */
  default int words() {
    return (players() + 63) / 64;
  }
}
