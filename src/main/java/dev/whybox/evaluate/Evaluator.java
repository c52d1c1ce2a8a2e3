// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.LanePlan;
import dev.whybox.perturb.Masks;

/**
 * The seam between the mathematics and the machine: an image, masks and targets, prepared once;
 * then scores of perturbed images. For one caller at a time.
 */
public interface Evaluator extends AutoCloseable {

  /**
   * How many scores a sample has.
   *
   * @return at least 1
   */
  int targets();

  /**
   * Sets how samples are spread; comes before the first score, and not while a wave runs.
   *
   * @param plan how many runs are under way at once, and of how many images
   */
  void use(LanePlan plan);

  /**
   * Starts to score samples {@code first} to {@code first + count − 1}; {@link Masks#FULL} and
   * {@link Masks#EMPTY} count as samples. A second wave may be started while one runs, so that
   * nothing stands still between them.
   *
   * @param first the first sample's number
   * @param count how many, at least 1
   * @param scores receives {@code count × targets} values in [0,1], sample by sample
   * @return the wave, to be awaited before the scores are read
   */
  Wave start(long first, int count, float[] scores);

  /** Samples that are being scored. */
  @FunctionalInterface
  interface Wave {
    /** Returns when all scores are there, or throws what kept them from coming. */
    void await();
  }

  /** Waits for what runs and frees the buffers. A second call does nothing. */
  @Override
  void close();
}
