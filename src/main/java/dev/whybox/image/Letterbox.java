// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import dev.whybox.error.WhyboxException.BadArgument;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Fits an image of any shape into the detector's input: it is scaled by one ratio, centred and
 * padded with gray 114. Sizes and offsets are those of Ultralytics, upscaling included. The scaled
 * image without the padding is called the content.
 *
 * <p>For a classifier the image is cropped instead: it is scaled until it covers the input, and
 * what lies outside is not seen. The content is then larger than the input and begins outside it.
 *
 * @param imageWidth the image's width in pixels
 * @param imageHeight the image's height in pixels
 * @param inputWidth the input's width in pixels
 * @param inputHeight the input's height in pixels
 * @param left columns of padding before the content; below 0 where columns of it are not seen
 * @param top rows of padding before the content; below 0 where rows of it are not seen
 * @param contentWidth the scaled image's width, 1 to {@code inputWidth}; more where it is cropped
 * @param contentHeight the scaled image's height, 1 to {@code inputHeight}; more where it is
 *     cropped
 * @param ratio input pixels per image pixel
 * @param cropped whether the image covers the input
 */
public record Letterbox(
    int imageWidth,
    int imageHeight,
    int inputWidth,
    int inputHeight,
    int left,
    int top,
    int contentWidth,
    int contentHeight,
    float ratio,
    boolean cropped) {
  /** The gray level of the padding, 0 to 255. */
  public static final int PADDING = 114;

  private static final int CHANNELS = 3;
  private static final float[] UNIT = new float[256];

  static {
    for (int i = 0; i < UNIT.length; i++) {
      UNIT[i] = i / 255f;
    }
  }

  /**
   * Computes the letterbox of an image.
   *
   * @param imageWidth at least 1
   * @param imageHeight at least 1
   * @param inputWidth at least 1
   * @param inputHeight at least 1
   * @return sizes, offsets and ratio
   * @throws BadArgument if a size is less than 1
   */
  public static Letterbox of(int imageWidth, int imageHeight, int inputWidth, int inputHeight) {
    check(imageWidth, imageHeight, inputWidth, inputHeight);
    double ratio = Math.min((double) inputHeight / imageHeight, (double) inputWidth / imageWidth);
    int width = Math.max(1, (int) Math.rint(imageWidth * ratio));
    int height = Math.max(1, (int) Math.rint(imageHeight * ratio));
    return new Letterbox(
        imageWidth,
        imageHeight,
        inputWidth,
        inputHeight,
        before(inputWidth - width),
        before(inputHeight - height),
        width,
        height,
        (float) ratio,
        false);
  }

  /**
   * Computes the centre crop of an image, as Ultralytics' classifiers see it: the shorter side gets
   * the input's length, and the middle is taken.
   *
   * @param imageWidth at least 1
   * @param imageHeight at least 1
   * @param inputWidth at least 1
   * @param inputHeight at least 1
   * @return sizes, offsets and ratio
   * @throws BadArgument if a size is less than 1
   */
  public static Letterbox cropped(
      int imageWidth, int imageHeight, int inputWidth, int inputHeight) {
    check(imageWidth, imageHeight, inputWidth, inputHeight);
    double ratio = Math.max((double) inputHeight / imageHeight, (double) inputWidth / imageWidth);
    int width = Math.max(inputWidth, (int) (imageWidth * ratio));
    int height = Math.max(inputHeight, (int) (imageHeight * ratio));
    return new Letterbox(
        imageWidth,
        imageHeight,
        inputWidth,
        inputHeight,
        (inputWidth - width) / 2,
        (inputHeight - height) / 2,
        width,
        height,
        (float) ratio,
        true);
  }

  private static void check(int imageWidth, int imageHeight, int inputWidth, int inputHeight) {
    if (imageWidth < 1 || imageHeight < 1 || inputWidth < 1 || inputHeight < 1) {
      throw new BadArgument(
          String.format(
              "A letterbox needs sizes of at least 1 pixel; found an image of %d × %d and an input"
                  + " of %d × %d.",
              imageWidth, imageHeight, inputWidth, inputHeight));
    }
  }

  /**
   * The padding before the content: half of all padding. The 0.1 puts an odd pixel after the
   * content, as Ultralytics does.
   */
  private static int before(int padding) {
    return (int) Math.rint(padding / 2.0 - 0.1);
  }

  /**
   * The first column of the content that the input shows.
   *
   * @return 0, or more where the image is cropped
   */
  public int visibleLeft() {
    return Math.max(0, -left);
  }

  /**
   * The first row of the content that the input shows.
   *
   * @return 0, or more where the image is cropped
   */
  public int visibleTop() {
    return Math.max(0, -top);
  }

  /**
   * The first column of the content after those that the input shows.
   *
   * @return the content's width, or less where the image is cropped
   */
  public int visibleRight() {
    return Math.min(contentWidth, inputWidth - left);
  }

  /**
   * The first row of the content after those that the input shows.
   *
   * @return the content's height, or less where the image is cropped
   */
  public int visibleBottom() {
    return Math.min(contentHeight, inputHeight - top);
  }

  /**
   * Scales an image to the size that it has inside the input (by OpenCV, on 8 bits; bilinear, but
   * by areas where a cropped image shrinks).
   *
   * @param image an image of {@code imageWidth × imageHeight} pixels
   * @return {@code contentWidth × contentHeight}; the image itself where the sizes are equal
   * @throws BadArgument if the image has another size
   */
  @SuppressWarnings("try") // closing the scope frees the matrices; no code names it
  public Image content(Image image) {
    check("an image", image, imageWidth, imageHeight);
    if (imageWidth == contentWidth && imageHeight == contentHeight) {
      return image;
    }
    try (PointerScope scope = new PointerScope()) {
      Mat scaled = new Mat();
      int filter = cropped && ratio < 1 ? INTER_AREA : INTER_LINEAR;
      resize(Mats.of(image), scaled, new Size(contentWidth, contentHeight), 0, 0, filter);
      return Mats.image(scaled).named(image.name());
    }
  }

  /**
   * Makes the detector's input.
   *
   * @param content the result of {@link #content}
   * @return {@code 3 × inputHeight × inputWidth} values in [0,1], planes red, green, blue
   * @throws BadArgument if the content has another size
   */
  public float[] planes(Image content) {
    float[] planes = new float[CHANNELS * inputWidth * inputHeight];
    fill(content, FloatBuffer.wrap(planes));
    return planes;
  }

  /**
   * Writes the detector's input. A direct buffer in native byte order is fastest.
   *
   * @param content the result of {@link #content}
   * @param planes receives {@code 3 × inputHeight × inputWidth} values in [0,1] from index 0 on, in
   *     planes red, green, blue; its position does not change
   * @throws BadArgument if the content has another size or the buffer is too small
   */
  public void fill(Image content, FloatBuffer planes) {
    check("a content", content, contentWidth, contentHeight);
    int plane = inputWidth * inputHeight;
    if (planes.limit() < CHANNELS * plane) {
      throw new BadArgument(
          String.format(
              "The input of %d × %d needs a buffer of at least %d values, but its limit is %d.",
              inputWidth, inputHeight, CHANNELS * plane, planes.limit()));
    }
    byte[] rgb = content.rgb();
    float[] padding = new float[inputWidth];
    Arrays.fill(padding, UNIT[PADDING]);
    float[] red = padding.clone();
    float[] green = padding.clone();
    float[] blue = padding.clone();
    for (int y = 0; y < inputHeight; y++) {
      boolean inside = y >= top && y < top + contentHeight;
      if (inside) {
        int next = 3 * ((y - top) * contentWidth + visibleLeft());
        for (int x = left + visibleLeft(); x < left + visibleRight(); x++) {
          red[x] = UNIT[rgb[next++] & 0xFF];
          green[x] = UNIT[rgb[next++] & 0xFF];
          blue[x] = UNIT[rgb[next++] & 0xFF];
        }
      }
      int row = y * inputWidth;
      planes.put(row, inside ? red : padding, 0, inputWidth);
      planes.put(row + plane, inside ? green : padding, 0, inputWidth);
      planes.put(row + 2 * plane, inside ? blue : padding, 0, inputWidth);
    }
  }

  /**
   * Converts pixels of the image to pixels of the input.
   *
   * @param imageBox a box in pixels of the image
   * @return the same box in pixels of the input
   */
  public Box toInput(Box imageBox) {
    return new Box(
        imageBox.x1() * ratio + left,
        imageBox.y1() * ratio + top,
        imageBox.x2() * ratio + left,
        imageBox.y2() * ratio + top);
  }

  /**
   * Converts pixels of the input to pixels of the image.
   *
   * @param inputBox a box in pixels of the input
   * @return the same box in pixels of the image, clipped to the image
   */
  public Box toImage(Box inputBox) {
    // This subtracts the padding that was added. Some releases of Ultralytics compute the padding
    // from the unrounded size, which is wrong by one pixel for an image of 600 × 400, for example.
    return new Box(
            (inputBox.x1() - left) / ratio,
            (inputBox.y1() - top) / ratio,
            (inputBox.x2() - left) / ratio,
            (inputBox.y2() - top) / ratio)
        .clip(imageWidth, imageHeight);
  }

  private static void check(String what, Image image, int width, int height) {
    if (image.width() != width || image.height() != height) {
      throw new BadArgument(
          String.format(
              "This letterbox is for %s of %d × %d pixels, but was given one of %d × %d.",
              what, width, height, image.width(), image.height()));
    }
  }
}
