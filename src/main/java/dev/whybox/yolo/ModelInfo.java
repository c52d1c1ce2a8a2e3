// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import java.util.List;

/**
 * What a model file says of itself.
 *
 * @param path the file as the user named it
 * @param sha256 the file's digest, 64 hexadecimal digits
 * @param task {@code detect}, {@code segment}, {@code pose}, {@code obb} or {@code classify}
 * @param names the class names by number, unmodifiable
 * @param inputHeight the height that images are letterboxed to, in pixels
 * @param inputWidth the width that images are letterboxed to, in pixels
 * @param batch the fixed batch of a static export, or 0 where the batch is free
 * @param stride what height and width must be a multiple of, in pixels
 */
public record ModelInfo(
    String path,
    String sha256,
    String task,
    List<String> names,
    int inputHeight,
    int inputWidth,
    int batch,
    int stride) {

  /**
   * How an image fits into the input: classifiers see the middle of it, the others see it all.
   *
   * @param image the image
   * @return its place in the input
   */
  public Letterbox letterbox(Image image) {
    return task.equals("classify")
        ? Letterbox.cropped(image.width(), image.height(), inputWidth, inputHeight)
        : Letterbox.of(image.width(), image.height(), inputWidth, inputHeight);
  }
}
