// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.random;

/**
 * Normally distributed noise from Philox: every word gives two numbers, by a table of quantiles, so
 * that all machines agree. No number is beyond ±4.2.
 */
public final class Normal {
  /** Philox's stream of this use, "smoo". */
  private static final int STREAM = 0x736D6F6F;

  private static final int COUNT = 1 << 16;

  private final Philox philox;
  private final float[] quantiles = new float[COUNT];

  public Normal(long seed) {
    this.philox = new Philox(seed, STREAM);
    for (int i = 0; i < COUNT / 2; i++) {
      float value = (float) upper((i + 0.5) / COUNT);
      quantiles[i] = -value;
      quantiles[COUNT - 1 - i] = value;
    }
  }

  /** Adds the noise of a sample. */
  public void add(long sample, double deviation, float[] values) {
    philox.seek(sample);
    float scale = (float) deviation;
    int word = 0;
    for (int i = 0; i < values.length; i++) {
      word = i % 2 == 0 ? philox.next() : word >>> 16;
      values[i] += scale * quantiles[word & 0xFFFF];
    }
  }

  /**
   * What a normal number exceeds with probability p, 0 to 1/2: Hastings, "Approximations for
   * digital computers" (1955), with an error below 0.00045.
   */
  private static double upper(double p) {
    double t = StrictMath.sqrt(-2 * StrictMath.log(p));
    return t
        - (2.515517 + t * (0.802853 + t * 0.010328))
            / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  }
}
