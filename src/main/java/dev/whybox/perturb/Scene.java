// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;

/**
 * An image and its baseline as the engine's input: what every perturbed image is made of.
 *
 * @param letterbox where the content lies
 * @param image {@code [3, inputHeight, inputWidth]} values in [0,1], with padding
 * @param baseline likewise
 */
public record Scene(Letterbox letterbox, float[] image, float[] baseline) {

  /**
   * Prepares a scene.
   *
   * @param letterbox how the image fits into the input
   * @param content the resized image
   * @param baseline what the content shows where everything is absent, of the same size
   * @return the scene
   */
  public static Scene of(Letterbox letterbox, Image content, Image baseline) {
    return new Scene(letterbox, letterbox.planes(content), letterbox.planes(baseline));
  }

  /** Values an image. */
  public int size() {
    return image.length;
  }

  /** Values a channel. */
  public int plane() {
    return image.length / 3;
  }

  /** The first content pixel of a row of the content, within a channel. */
  public int rowStart(int contentRow) {
    return (letterbox.top() + contentRow) * letterbox.inputWidth() + letterbox.left();
  }
}
