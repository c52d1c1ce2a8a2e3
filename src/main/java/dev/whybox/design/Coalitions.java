// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

/**
 * A design: which segments keep their pixels in sample i. Bit k of word k/64 is segment k. A pure
 * function, drawn from integers alone, so the same on every machine. For one thread at a time.
 */
public interface Coalitions {

  /**
   * How many segments there are.
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
   * The same design for another thread.
   *
   * @return a copy with scratch memory of its own
   */
  Coalitions copy();

  /**
   * How many words hold a coalition.
   *
   * @return {@code ceil(players/64)}
   */
  default int words() {
    return (players() + 63) / 64;
  }
}
