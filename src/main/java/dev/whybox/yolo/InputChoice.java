// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnknownLayout;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size at which a model is run and looked into: one rule for both.
 *
 * @param height the input's height in pixels
 * @param width the input's width in pixels
 * @param stride what both must be a multiple of where the model's size is free
 */
public record InputChoice(int height, int width, int stride) {
  private static final int DEFAULT_SIZE = 640;
  private static final int DEFAULT_STRIDE = 32;
  private static final int MAX_SIZE = 8192;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");
  private static final Pattern SIZE = Pattern.compile("\\[\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*]");

  /**
   * The model's own size where it is fixed, else the wish, else what the metadata says.
   *
   * @param shape the input's sizes [N,channels,height,width]; 0 or less where one is free
   * @param metadata of the export; {@code imgsz} and {@code stride} are read
   * @param size the wished side in pixels, or 0 for none
   * @param path what the user named, for messages
   * @return the size
   * @throws BadArgument where the wish does not fit the model
   * @throws UnknownLayout where the file or its metadata gives a size that is not possible
   */
  public static InputChoice of(long[] shape, Map<String, String> metadata, int size, String path) {
    Matcher number = NUMBER.matcher(metadata.getOrDefault("stride", ""));
    int stride = number.find() ? Math.max(1, Integer.parseInt(number.group())) : DEFAULT_STRIDE;
    if (size != 0 && !possible(size, stride)) {
      throw new BadArgument(
          "The input size must be a multiple of "
              + stride
              + " up to "
              + MAX_SIZE
              + " pixels, but is "
              + size
              + ".");
    }
    Matcher known = SIZE.matcher(metadata.getOrDefault("imgsz", ""));
    boolean given = known.find();
    int[] sides = new int[2];
    for (int axis = 0; axis < 2; axis++) {
      long fixed = shape[2 + axis];
      if (fixed > 0 && size != 0 && size != fixed) {
        throw new BadArgument(
            path
                + ": the model's input is fixed at "
                + shape[2]
                + "×"
                + shape[3]
                + " (height × width), so a size of "
                + size
                + " is not possible. Export it with dynamic=True, or leave the size out.");
      }
      if (fixed > MAX_SIZE) {
        throw new UnknownLayout(
            path
                + ": the model's input has a side of "
                + fixed
                + " pixels, but at most "
                + MAX_SIZE
                + " are possible. Export it at the size it was trained at.");
      }
      int own = given ? Integer.parseInt(known.group(1 + axis)) : DEFAULT_SIZE;
      sides[axis] = fixed > 0 ? (int) fixed : size != 0 ? size : own;
      if (fixed <= 0 && !possible(sides[axis], stride)) {
        throw new UnknownLayout(
            path
                + ": the metadata gives an image size of "
                + sides[axis]
                + ", but a multiple of the stride "
                + stride
                + " up to "
                + MAX_SIZE
                + " is needed. Name a size with --size.");
      }
    }
    return new InputChoice(sides[0], sides[1], stride);
  }

  private static boolean possible(int size, int stride) {
    return size >= stride && size % stride == 0 && size <= MAX_SIZE;
  }
}
