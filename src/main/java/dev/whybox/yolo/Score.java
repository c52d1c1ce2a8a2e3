// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.NonFiniteOutput;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Scores of targets on the outputs of a model: one number per target and image. {@link
 * TargetScorer} is the similarity of regions times a probability. Immutable; a {@link Scratch} is
 * for one thread.
 */
public interface Score {

  /**
   * How many targets are scored.
   *
   * @return at least 1
   */
  int targets();

  /**
   * The outputs of the model that are read.
   *
   * @return their numbers, from 0, in the order in which a {@link Scratch} takes them
   */
  List<Integer> outputs();

  /**
   * Scratch memory for one thread.
   *
   * @return new arrays
   */
  Scratch scratch();

  /**
   * Everything that the scoring kernel of a GPU needs.
   *
   * @return empty where images must be scored on the host
   */
  Optional<TargetScorer.Parameters> device();

  /** Scratch memory and the loop over candidates. For one thread at a time. */
  interface Scratch {

    /**
     * Scores one image of a batch.
     *
     * @param outputs the model's outputs that the head reads
     * @param image the image's place in the batch
     * @param scores receives one score in [0,1] per target
     * @param offset where the first goes
     * @throws NonFiniteOutput where the model answers with NaN or infinity
     */
    void score(List<FloatBuffer> outputs, int image, float[] scores, int offset);

    /**
     * Scores one image of a batch of a model with one output.
     *
     * @param output the output
     * @param image the image's place in the batch
     * @param scores receives one score in [0,1] per target
     * @param offset where the first goes
     * @throws NonFiniteOutput where the model answers with NaN or infinity
     */
    default void score(FloatBuffer output, int image, float[] scores, int offset) {
      score(List.of(output), image, scores, offset);
    }
  }
}
