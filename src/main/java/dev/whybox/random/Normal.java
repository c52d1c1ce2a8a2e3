// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.random;

/**
 * Normally distributed noise. Every word of Philox gives two numbers by a table of quantiles, so
 * all machines draw the same noise. Numbers lie in [−4.2, 4.2]. For one thread at a time.
 */
public final class Normal {
  /** The stream of random numbers for SmoothGrad: "smoo" in ASCII. */
  private static final int STREAM = 0x736D6F6F;

  private static final int COUNT = 1 << 16;

  private final Philox philox;
  private final float[] quantiles = new float[COUNT];

  /**
   * Noise of a seed.
   *
   * @param seed the seed
   */
  public Normal(long seed) {
    this.philox = new Philox(seed, STREAM);
    for (int i = 0; i < COUNT / 2; i++) {
      float value = (float) upper((i + 0.5) / COUNT);
      quantiles[i] = -value;
      quantiles[COUNT - 1 - i] = value;
    }
  }

  /**
   * Adds the noise of one sample to values.
   *
   * @param sample the sample's number, any value
   * @param deviation the standard deviation of the noise
   * @param values changed in place: each gets its own number
   */
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
   * The upper quantile: a standard normal number exceeds it with probability p, in (0, 1/2].
   * Hastings, "Approximations for digital computers" (1955), with an error below 0.00045.
   */
  private static double upper(double p) {
    double t = StrictMath.sqrt(-2 * StrictMath.log(p));
    return t
        - (2.515517 + t * (0.802853 + t * 0.010328))
            / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  }
}
