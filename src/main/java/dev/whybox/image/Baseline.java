// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.random.Philox;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What "absent" looks like. */
public enum Baseline {
  /** The image, blurred beyond recognition: a Gaussian of a twelfth of the longer side. */
  BLUR("blur"),
  /** The image's mean colour. */
  MEAN("mean"),
  /** Gray 114, the colour of the detector's own padding. */
  GRAY("gray"),
  /** Uniform noise, a function of the seed. */
  NOISE("noise"),
  /**
   * The targets' boxes filled with what their surroundings suggest (Telea 2004); outside of them
   * that picture, blurred, so that the targets' colours do not leak out.
   */
  INPAINT("inpaint");

  /** Philox's stream of this use, "nois", so that no other draw from the seed sees its words. */
  private static final int NOISE_STREAM = 0x6E6F6973;

  private final String label;

  Baseline(String label) {
    this.label = label;
  }

  /**
   * The baseline of a name.
   *
   * @param label {@code blur}, {@code mean}, {@code gray}, {@code noise} or {@code inpaint}
   * @return the constant
   * @throws BadArgument where there is none of that name
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
   * The image that shows where everything is absent.
   *
   * @param content the image as the letterbox has resized it
   * @param boxes the targets in pixels of the content; only {@link #INPAINT} looks at them
   * @param seed only {@link #NOISE} draws from it
   * @return an image of the content's size
   * @throws BadArgument where {@link #INPAINT} has too little around the boxes to go by
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

  /** Row y is Philox's sample y; a word gives four samples, its lowest byte first. */
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
