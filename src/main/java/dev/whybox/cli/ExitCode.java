// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.error.WhyboxException.DeviceUnavailable;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.error.WhyboxException.ExternalData;
import dev.whybox.error.WhyboxException.ImageTooLarge;
import dev.whybox.error.WhyboxException.MissingLibrary;
import dev.whybox.error.WhyboxException.NoDetection;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.error.WhyboxException.UnreadableImage;
import dev.whybox.error.WhyboxException.UnreadableModel;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.error.WhyboxException.UnsupportedOpset;
import dev.whybox.error.WhyboxException.UnwritableOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The exit codes of the process. */
enum ExitCode {
  OK(0, "done"),
  INTERNAL(1, "an error in Whybox itself"),
  USAGE(2, "a wrong option or argument"),
  IMAGE(3, "an image cannot be read or is too large"),
  MODEL(4, "the model cannot be read or is no known detector"),
  NOTHING(5, "no detection above --conf to explain or to dream of (detect ends with 0 then)"),
  TARGET(6, "a target is unknown or lies outside the image"),
  OUTPUT(7, "a result cannot be written"),
  ENGINE(8, "the engine failed or can't be loaded, or the model answered with NaN"),
  DEVICE(9, "the GPU that was asked for cannot be used (doctor: no GPU can, but the CPU may)"),
  INTERRUPTED(130, "Ctrl-C; the best map or picture so far was written");

  /**
   * The codes that concern one image, the most serious first. Finding nothing is hardly an error.
   */
  private static final List<ExitCode> GRAVEST_FIRST =
      List.of(ENGINE, USAGE, IMAGE, TARGET, NOTHING, OK);

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  /** The exit code of an error. */
  static ExitCode of(WhyboxException error) {
    if (error instanceof BadArgument
        || error instanceof DeadlineTooShort
        || error instanceof NotDifferentiable) {
      return USAGE;
    }
    if (error instanceof UnreadableImage || error instanceof ImageTooLarge) {
      return IMAGE;
    }
    if (error instanceof UnreadableModel
        || error instanceof ExternalData
        || error instanceof UnsupportedGraph
        || error instanceof UnsupportedOpset
        || error instanceof UnknownLayout) {
      return MODEL;
    }
    if (error instanceof NoDetection) {
      return NOTHING;
    }
    if (error instanceof BadTarget) {
      return TARGET;
    }
    if (error instanceof DeviceUnavailable) {
      return DEVICE;
    }
    if (error instanceof UnwritableOutput) {
      return OUTPUT;
    }
    return error instanceof EngineFailure
            || error instanceof NonFiniteOutput
            || error instanceof MissingLibrary
        ? ENGINE
        : INTERNAL;
  }

  /**
   * The place of an error among several: the smaller, the more serious. What is not an error of one
   * image, such as one in Whybox itself, comes first.
   */
  static int seriousness(RuntimeException error) {
    return GRAVEST_FIRST.indexOf(error instanceof WhyboxException known ? of(known) : INTERNAL);
  }

  /** Whether this error concerns one image, so that the next image can still be tried. */
  boolean concernsOneImage() {
    return this != OUTPUT
        && this != MODEL
        && this != DEVICE
        && this != INTERNAL
        && this != INTERRUPTED;
  }

  /** The more serious of two codes that concern one image. */
  ExitCode or(ExitCode other) {
    return GRAVEST_FIRST.indexOf(this) <= GRAVEST_FIRST.indexOf(other) ? this : other;
  }

  /** All codes and their meanings, for the help. */
  static Map<String, String> list() {
    Map<String, String> list = new LinkedHashMap<>();
    for (ExitCode exit : values()) {
      list.put(String.valueOf(exit.code), exit.meaning);
    }
    return list;
  }
}
