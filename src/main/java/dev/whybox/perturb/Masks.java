// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import java.nio.FloatBuffer;

/**
 * Which pixels keep their colour in sample i: a pure function of the seed and i, so no mask is ever
 * stored. The perturbed image is {@code baseline + m·(image − baseline)}, m in [0,1].
 */
public interface Masks {
  /** The sample number of the unperturbed image. */
  long FULL = -2;

  /** The sample number of the baseline. */
  long EMPTY = -1;

  /**
   * What fills an engine's input for one thread.
   *
   * @param scene the image and its baseline
   * @return a painter with scratch memory of its own
   */
  Painter painter(Scene scene);

  /** Paints perturbed images. For one thread at a time; allocates nothing. */
  interface Painter {
    /**
     * Paints one image.
     *
     * @param sample the sample's number, from 0; or {@link #FULL} or {@link #EMPTY}
     * @param input the engine's input
     * @param offset where the image starts in it
     */
    void paint(long sample, FloatBuffer input, int offset);
  }
}
