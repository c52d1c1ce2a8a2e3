// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_ANYCOLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_ANYDEPTH;

import com.drew.imaging.FileType;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.ImageTooLarge;
import dev.whybox.error.WhyboxException.UnreadableImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A drawing of segments: every distinct gray value or colour is one, numbered in ascending order,
 * of colours the red first. Not changed afterwards.
 *
 * @param width the width in pixels
 * @param height the height in pixels
 * @param count how many segments there are, 1 to {@value #MAX_COUNT}
 * @param labels {@code height × width} numbers in [0, count), row by row
 */
public record LabelImage(int width, int height, int count, int[] labels) {
  /** The most segments that a drawing may have; above it, it is more likely a photograph. */
  public static final int MAX_COUNT = 1024;

  /**
   * Reads a PNG of 8 or 16 bits, gray, in colours or with a palette; alpha is dropped.
   *
   * @param file the PNG
   * @return the segments drawn in it
   * @throws UnreadableImage where there is no such file, or it is no whole image
   * @throws ImageTooLarge where it has more than 100 million pixels
   * @throws BadArgument where it is another format or has more than {@value #MAX_COUNT} colours
   */
  public static LabelImage read(Path file) {
    byte[] bytes = ImageDecoder.bytes(file);
    String name = file.toString();
    ImageHeader header = ImageHeader.of(bytes, name);
    if (header.format() != FileType.Png) {
      throw new BadArgument(
          name
              + " must be a PNG, which keeps every value as it was drawn, but is a "
              + header.format().getName()
              + " file. Save the segments as PNG.");
    }
    int flags = IMREAD_ANYDEPTH | IMREAD_ANYCOLOR;
    return ImageDecoder.decode(bytes, name, header, flags, mat -> of(mat, name));
  }

  private static LabelImage of(Mat mat, String name) {
    int width = mat.cols();
    int height = mat.rows();
    long[] row = new long[width];
    TreeMap<Long, Integer> numbers = new TreeMap<>();
    for (int y = 0; y < height; y++) {
      read(mat, y, row);
      for (int x = 0; x < width; x++) {
        if (x == 0 || row[x] != row[x - 1]) {
          numbers.put(row[x], 0);
        }
      }
      if (numbers.size() > MAX_COUNT) {
        throw new BadArgument(
            String.format(
                "%s must have at most %d different values or colours, one for each segment, but"
                    + " has more. Draw the segments without smoothed edges.",
                name, MAX_COUNT));
      }
    }
    int count = 0;
    for (Map.Entry<Long, Integer> entry : numbers.entrySet()) {
      entry.setValue(count++);
    }
    int[] labels = new int[width * height];
    for (int y = 0; y < height; y++) {
      read(mat, y, row);
      for (int x = 0; x < width; x++) {
        boolean same = x > 0 && row[x] == row[x - 1];
        int at = y * width + x;
        labels[at] = same ? labels[at - 1] : numbers.get(row[x]);
      }
    }
    return new LabelImage(width, height, count, labels);
  }

  /** A row's values: gray, or red, green and blue with 16 bits each, from OpenCV's blue first. */
  private static void read(Mat mat, int y, long[] row) {
    int channels = mat.channels();
    int sampleBytes = (int) mat.elemSize1();
    byte[] bytes = new byte[row.length * channels * sampleBytes];
    mat.ptr(y).get(bytes);
    ByteBuffer samples = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    for (int x = 0; x < row.length; x++) {
      long value = 0;
      for (int c = channels - 1; c >= 0; c--) {
        int i = x * channels + c;
        int sample = sampleBytes == 1 ? bytes[i] & 0xFF : samples.getShort(2 * i) & 0xFFFF;
        value = value << 16 | sample;
      }
      row[x] = value;
    }
  }

  /**
   * The segment of a pixel.
   *
   * @param x the column
   * @param y the row
   * @return a number in [0, count)
   */
  public int label(int x, int y) {
    return labels[y * width + x];
  }
}
