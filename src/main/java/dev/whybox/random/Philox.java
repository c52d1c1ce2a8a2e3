// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.random;

/**
 * Philox4x32-10, the counter-based random number generator of Salmon, Moraes, Dror and Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). Its words are a pure function of key and
 * counter, so any machine can draw any sample, in any order, and draw it again.
 *
 * <p>The key is the seed; the counter is (sample low, sample high, block, stream). One block gives
 * four 32-bit words. For one thread at a time.
 */
public final class Philox {
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private final int key0;
  private final int key1;
  private final int stream;
  private long sample;
  private int block;
  private int next = 4;
  private final int[] words = new int[4];

  /**
   * Makes a generator that stands at sample 0.
   *
   * @param seed the key, low word first
   * @param stream the number of one of the seed's independent sequences; each use has its own
   */
  public Philox(long seed, int stream) {
    this.key0 = (int) seed;
    this.key1 = (int) (seed >>> 32);
    this.stream = stream;
  }

  /**
   * Goes to the first word of a sample.
   *
   * @param sample the sample's number, any value
   */
  public void seek(long sample) {
    this.sample = sample;
    this.block = 0;
    this.next = 4;
  }

  /**
   * The next word of the current sample.
   *
   * @return 32 random bits
   */
  public int next() {
    if (next == 4) {
      words[0] = (int) sample;
      words[1] = (int) (sample >>> 32);
      words[2] = block++;
      words[3] = stream;
      encrypt(words, key0, key1);
      next = 0;
    }
    return words[next++];
  }

  /**
   * Draws a number below a bound: the high word of a product. This needs integers only and always
   * takes one word, so every backend draws the same. The bias is below bound / 2³².
   *
   * @param bound at least 1
   * @return a number in [0, bound)
   */
  public int below(int bound) {
    return (int) ((Integer.toUnsignedLong(next()) * bound) >>> 32);
  }

  /**
   * Replaces a counter by its four random words; Philox's bijection.
   *
   * @param counter four words, overwritten
   * @param key0 the key's low word
   * @param key1 the key's high word
   */
  static void encrypt(int[] counter, int key0, int key1) {
    int c0 = counter[0];
    int c1 = counter[1];
    int c2 = counter[2];
    int c3 = counter[3];
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = M0 * Integer.toUnsignedLong(c0);
      long p1 = M1 * Integer.toUnsignedLong(c2);
      c0 = (int) (p1 >>> 32) ^ c1 ^ key0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ key1;
      c3 = (int) p0;
      key0 += W0;
      key1 += W1;
    }
    counter[0] = c0;
    counter[1] = c1;
    counter[2] = c2;
    counter[3] = c3;
  }
}
