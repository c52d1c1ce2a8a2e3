// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.image.Letterbox;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** The content's part of a tensor of the input's size, {@code 3 × height × width} values. */
public record Pixels(Letterbox letterbox) {

  /**
   * The width of the content.
   *
   * @return in pixels
   */
  public int width() {
    return letterbox.contentWidth();
  }

  /**
   * The height of the content.
   *
   * @return in pixels
   */
  public int height() {
    return letterbox.contentHeight();
  }

  /**
   * The number of values per channel.
   *
   * @return width × height
   */
  public int plane() {
    return width() * height();
  }

  /**
   * Cuts the content out.
   *
   * @param input {@code 3 × height × width} values of the input
   * @param content receives three channels of {@link #plane} values, 0 where the input does not
   *     show the content
   */
  public void read(FloatBuffer input, float[] content) {
    int from = letterbox.visibleLeft();
    int count = letterbox.visibleRight() - from;
    if (letterbox.cropped()) {
      Arrays.fill(content, 0);
    }
    for (int row = 0; row < 3 * height(); row++) {
      if (visible(row)) {
        input.get(start(row) + from, content, row * width() + from, count);
      }
    }
  }

  private boolean visible(int row) {
    int y = row % height();
    return y >= letterbox.visibleTop() && y < letterbox.visibleBottom();
  }

  /**
   * The content of planes of the input's size.
   *
   * @param planes {@code 3 × height × width} values of the input
   * @return three channels of {@link #plane} values
   */
  public float[] of(float[] planes) {
    float[] content = new float[3 * plane()];
    read(FloatBuffer.wrap(planes), content);
    return content;
  }

  /**
   * Puts the content in place; the padding stays.
   *
   * @param content three channels of {@link #plane} values
   * @param planes the input
   */
  public void write(float[] content, float[] planes) {
    int from = letterbox.visibleLeft();
    int count = letterbox.visibleRight() - from;
    for (int row = 0; row < 3 * height(); row++) {
      if (visible(row)) {
        System.arraycopy(content, row * width() + from, planes, start(row) + from, count);
      }
    }
  }

  /** Where a row of the content starts in the input; the rows of all channels are counted. */
  private int start(int row) {
    int channel = row / height();
    int y = letterbox.top() + row % height();
    return (channel * letterbox.inputHeight() + y) * letterbox.inputWidth() + letterbox.left();
  }
}
