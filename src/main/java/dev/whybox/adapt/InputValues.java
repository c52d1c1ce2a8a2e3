// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.error.WhyboxException.BadArgument;
import java.util.Arrays;
import java.util.List;

/**
 * What values a model expects of a picture: each is {@code (value · scale − mean) / std}, where
 * value is in [0,1].
 *
 * @param scale what the values in [0,1] are multiplied by; 0 where the file is to say it
 * @param blueFirst whether the channels are blue, green, red
 * @param mean subtracted per channel, in the model's order
 * @param std divided by per channel, in the model's order
 */
record InputValues(double scale, boolean blueFirst, List<Double> mean, List<Double> std) {
  /** What the file says, or else RGB in [0,1]. */
  static final InputValues AUTO =
      new InputValues(0, false, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));

  private static final String HELP =
      "Parts are rgb or bgr, scale=NUMBER, mean=A/B/C and std=A/B/C, such as bgr,scale=255.";

  /**
   * Reads the words of the command line.
   *
   * @param text parts with commas between them, such as {@code bgr,scale=255}
   * @return the values
   * @throws BadArgument where a part is not known
   */
  static InputValues of(String text) {
    InputValues result = AUTO;
    for (String part : text.split(",")) {
      String[] pair = part.trim().split("=", 2);
      String value = pair.length == 2 ? pair[1] : "";
      result =
          switch (pair[0]) {
            case "rgb" -> result.ordered(false);
            case "bgr" -> result.ordered(true);
            case "scale" -> result.with(number(value, part));
            case "mean" ->
                new InputValues(result.scale, result.blueFirst, three(value, part), result.std);
            case "std" ->
                new InputValues(result.scale, result.blueFirst, result.mean, three(value, part));
            default -> throw unknown(part);
          };
    }
    if (result.std.stream().anyMatch(s -> s == 0) || result.scale < 0) {
      throw unknown(text);
    }
    return result;
  }

  private static BadArgument unknown(String part) {
    return new BadArgument("The input values `" + part + "` are not known. " + HELP);
  }

  private static double number(String text, String part) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw unknown(part);
    }
    throw unknown(part);
  }

  private static List<Double> three(String text, String part) {
    List<Double> values = Arrays.stream(text.split("/")).map(each -> number(each, part)).toList();
    if (values.size() != 3) {
      throw unknown(part);
    }
    return values;
  }

  private InputValues with(double factor) {
    return new InputValues(factor, blueFirst, mean, std);
  }

  InputValues ordered(boolean blue) {
    return new InputValues(scale, blue, mean, std);
  }

  /** The same with a scale, where none was given. */
  InputValues scaled(double factor) {
    return scale > 0 ? this : with(factor);
  }

  /** Whether the values are RGB in [0,1]. */
  boolean usual() {
    return scale == 1 && !blueFirst && mean.equals(AUTO.mean) && std.equals(AUTO.std);
  }

  /** Which channel of RGB a channel of the model is. */
  int source(int channel) {
    return blueFirst ? 2 - channel : channel;
  }
}
