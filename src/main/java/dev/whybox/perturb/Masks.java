// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import java.nio.FloatBuffer;

/**
 * The masks of perturbed images. A mask says how much of each pixel is kept in sample i. It is a
 * pure function of the seed and i, so no mask is stored. The perturbed image is {@code baseline +
 * m·(image − baseline)}, with m in [0,1] per pixel.
 */
public interface Masks {
  /** A sample number that stands for the unperturbed image. */
  long FULL = -2;

  /** A sample number that stands for the baseline. */
  long EMPTY = -1;

  /**
   * Makes a painter for one thread.
   *
   * @param scene the image and its baseline
   * @return a painter with scratch memory of its own
   */
  Painter painter(Scene scene);

  /**
   * Paints perturbed images into an engine's input. For one thread at a time. Painting allocates no
   * memory.
   */
  interface Painter {
    /**
     * Paints one image.
     *
     * @param sample the sample's number, from 0; or {@link #FULL} or {@link #EMPTY}
     * @param input the engine's input, which receives the image
     * @param offset index of the image's first value in the input
     */
    void paint(long sample, FloatBuffer input, int offset);
  }
}
