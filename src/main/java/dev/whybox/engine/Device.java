// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import dev.whybox.error.WhyboxException.BadArgument;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a model runs. */
public sealed interface Device {
  /** A GPU where all that it needs is there, else the CPU. */
  Device AUTO = new Auto();

  /** The CPU. */
  Device CPU = new Cpu();

  /**
   * An NVIDIA GPU.
   *
   * @param number which, from 0, as the driver counts them
   * @return the device
   * @throws BadArgument where the number is below 0
   */
  static Device cuda(int number) {
    return new Cuda(number);
  }

  /**
   * The device of a name.
   *
   * @param text {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:NUMBER}
   * @return the device, whose {@code toString} is that name
   * @throws BadArgument where the text is none of these
   */
  static Device parse(String text) {
    Matcher cuda = Pattern.compile("cuda(?::(\\d{1,3}))?").matcher(text);
    if (cuda.matches()) {
      return cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }
    return switch (text) {
      case "auto" -> AUTO;
      case "cpu" -> CPU;
      default ->
          throw new BadArgument(
              "The device must be auto, cpu, cuda or cuda:NUMBER, but is \"" + text + "\".");
    };
  }

  /** See {@link Device#AUTO}. */
  record Auto() implements Device {
    @Override
    public String toString() {
      return "auto";
    }
  }

  /** See {@link Device#CPU}. */
  record Cpu() implements Device {
    @Override
    public String toString() {
      return "cpu";
    }
  }

  /**
   * An NVIDIA GPU.
   *
   * @param number which, from 0
   */
  record Cuda(int number) implements Device {
    /**
     * Checks the number.
     *
     * @param number at least 0
     * @throws BadArgument where it is below 0
     */
    public Cuda {
      if (number < 0) {
        throw new BadArgument("The number of a GPU must be at least 0, but is " + number + ".");
      }
    }

    @Override
    public String toString() {
      return "cuda:" + number;
    }
  }
}
