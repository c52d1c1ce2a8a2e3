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
 * An image whose colours mark segments. Every distinct gray value or colour is one segment.
 * Segments are numbered by ascending value; colours are compared by red, then green, then blue.
 * Never changed after it is made.
 *
 * @param width the width in pixels
 * @param height the height in pixels
 * @param count the number of segments, 1 to {@value #MAX_COUNT}
 * @param labels {@code height × width} segment numbers in [0, count), row by row
 */
public record LabelImage(int width, int height, int count, int[] labels) {
  /** The largest number of segments. A file with more colours is probably a photograph. */
  public static final int MAX_COUNT = 1024;

  /**
   * Reads a PNG with 8 or 16 bits per sample: gray, colour or palette. Alpha is dropped.
   *
   * @param file the PNG
   * @return the segments drawn in it
   * @throws UnreadableImage if there is no such file, or if it does not hold a complete image
   * @throws ImageTooLarge if it has more than 100 million pixels
   * @throws BadArgument if it is not a PNG or has more than {@value #MAX_COUNT} colours
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

  /**
   * Reads one row. A value is the gray level, or red, green and blue with 16 bits each. OpenCV
   * stores blue first.
   */
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
