// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.random.Philox;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The picture that absent segments show: it replaces their pixels. */
public enum Baseline {
  /**
   * The image, blurred until no shape is left: a Gaussian whose standard deviation is a twelfth of
   * the longer side.
   */
  BLUR("blur"),
  /** The image's mean colour. */
  MEAN("mean"),
  /** Gray 114, the colour of the detector's own padding. */
  GRAY("gray"),
  /** Uniform noise; the same seed gives the same noise. */
  NOISE("noise"),
  /**
   * The image without its targets. Inpainting (Telea 2004) fills the targets' boxes from their
   * surroundings. Outside the boxes this filled picture is blurred: a blur of the original image
   * would spread the targets' colours.
   */
  INPAINT("inpaint");

  /**
   * The stream of random numbers for the noise: "nois" in ASCII. No other use of the seed draws
   * from it.
   */
  private static final int NOISE_STREAM = 0x6E6F6973;

  private final String label;

  Baseline(String label) {
    this.label = label;
  }

  /**
   * Finds a baseline by its name.
   *
   * @param label {@code blur}, {@code mean}, {@code gray}, {@code noise} or {@code inpaint}
   * @return the constant
   * @throws BadArgument if no baseline has that name
   */
  public static Baseline parse(String label) {
    for (Baseline baseline : values()) {
      if (baseline.label.equals(label)) {
        return baseline;
      }
    }
    String known = Arrays.stream(values()).map(Baseline::label).collect(Collectors.joining(", "));
    throw new BadArgument("The baseline must be one of " + known + ", but is \"" + label + "\".");
  }

  /**
   * The name on the command line and in JSON.
   *
   * @return the constant's name in lower case
   */
  public String label() {
    return label;
  }

  /**
   * Makes the picture in which every segment is absent.
   *
   * @param content the image, already resized by the letterbox
   * @param boxes the targets' boxes in pixels of the content; only {@link #INPAINT} reads them
   * @param seed the seed of the noise; only {@link #NOISE} reads it
   * @return an image of the content's size
   * @throws BadArgument if the boxes leave {@link #INPAINT} too few pixels around them
   */
  public Image of(Image content, List<Box> boxes, long seed) {
    return switch (this) {
      case BLUR -> Blur.of(content);
      case MEAN -> filled(content, mean(content));
      case GRAY -> filled(content, gray());
      case NOISE -> noise(content, seed);
      case INPAINT -> Inpaint.of(content, boxes);
    };
  }

  private static byte[] gray() {
    byte gray = (byte) Letterbox.PADDING;
    return new byte[] {gray, gray, gray};
  }

  private static byte[] mean(Image content) {
    byte[] rgb = content.rgb();
    long[] sums = new long[3];
    for (int i = 0; i < rgb.length; i++) {
      sums[i % 3] += rgb[i] & 0xFF;
    }
    byte[] mean = new byte[3];
    for (int c = 0; c < 3; c++) {
      mean[c] = (byte) Math.round(3.0 * sums[c] / rgb.length);
    }
    return mean;
  }

  private static Image filled(Image content, byte[] colour) {
    byte[] rgb = new byte[content.rgb().length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = colour[i % 3];
    }
    return Image.ofRgb(content.width(), content.height(), rgb);
  }

  /** Row y is sample y of Philox. One word gives four bytes, the lowest byte first. */
  private static Image noise(Image content, long seed) {
    byte[] rgb = new byte[content.rgb().length];
    int stride = 3 * content.width();
    Philox philox = new Philox(seed, NOISE_STREAM);
    for (int y = 0; y < content.height(); y++) {
      philox.seek(y);
      int word = 0;
      for (int i = 0; i < stride; i++) {
        word = i % 4 == 0 ? philox.next() : word >>> 8;
        rgb[y * stride + i] = (byte) word;
      }
    }
    return Image.ofRgb(content.width(), content.height(), rgb);
  }
}
