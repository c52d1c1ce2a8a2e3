// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;

/**
 * The image and its baseline, both in the form of the engine's input. Every perturbed image is a
 * mixture of these two.
 *
 * @param letterbox the position of the content in the input
 * @param image {@code [3, inputHeight, inputWidth]} values in [0,1], with padding
 * @param baseline values of the same shape, with the same padding
 */
public record Scene(Letterbox letterbox, float[] image, float[] baseline) {

  /**
   * Prepares a scene.
   *
   * @param letterbox how the image fits into the input
   * @param content the resized image
   * @param baseline the picture in which every segment is absent, of the content's size
   * @return the scene
   */
  public static Scene of(Letterbox letterbox, Image content, Image baseline) {
    return new Scene(letterbox, letterbox.planes(content), letterbox.planes(baseline));
  }

  /**
   * The number of values per image.
   *
   * @return {@code 3 × inputHeight × inputWidth}
   */
  public int size() {
    return image.length;
  }

  /**
   * The number of values per colour channel.
   *
   * @return {@code inputHeight × inputWidth}
   */
  public int plane() {
    return image.length / 3;
  }

  /**
   * The index of the first content pixel of a row, within a colour channel.
   *
   * @param contentRow a row of the content, from 0
   * @return an index into a plane of the input; before the row where the pixel is not seen
   */
  public int rowStart(int contentRow) {
    return (letterbox.top() + contentRow) * letterbox.inputWidth() + letterbox.left();
  }
}
