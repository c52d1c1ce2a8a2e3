// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

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
   * Scores samples {@code first} to {@code first + count − 1}; {@link Masks#FULL} and {@link
   * Masks#EMPTY} count as samples.
   *
   * @param first the first sample's number
   * @param count how many, at least 1
   * @param scores receives {@code count × targets} values in [0,1], sample by sample
   */
  void scores(long first, int count, float[] scores);

  /** Frees the buffers. A second call does nothing. */
  @Override
  void close();
}
