// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Whybox;
import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints how the greatest resident set of a process depends on the number of samples: all three
 * methods on all detections, 200 and 5,000 samples, each in a process of its own, three times in
 * turn. Linux only.
 */
public final class PeakMemory {
  private static final int FEW = 200;
  private static final int MANY = 5000;
  private static final int ROUNDS = 3;

  private PeakMemory() {}

  /**
   * Runs the program.
   *
   * @param arguments none; the processes it starts get their number of samples
   * @throws Exception where anything fails
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      explain(Integer.parseInt(arguments[0]));
      return;
    }
    for (int round = 0; round < ROUNDS; round++) {
      double few = peak(PeakMemory.class, String.valueOf(FEW));
      double many = peak(PeakMemory.class, String.valueOf(MANY));
      System.out.printf(
          "peak resident memory, %d samples / %d samples: %.3f (%.0f MB / %.0f MB)%n",
          MANY, FEW, many / few, many / 1024, few / 1024);
    }
  }

  /** Runs a program in a process of its own, which prints its greatest resident set, in KiB. */
  static double peak(Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
    for (String property : new String[] {"model", "size", "image"}) {
      if (System.getProperty(property) != null) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    command.add(program.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    if (process.waitFor() != 0) {
      throw new IOException("the process that measures memory failed: " + output);
    }
    return Double.parseDouble(output);
  }

  private static void explain(int samples) throws IOException {
    try (Whybox whybox = Bench.open()) {
      Image image = Bench.image();
      List<Target> targets = whybox.detect(image).stream().map(Target::of).toList();
      for (Method method : List.of(new DRise(), new Lime(), new Shap())) {
        whybox.explain(
            image, targets, method, Budget.DEFAULT.withSamples(samples), ProgressListener.NONE);
      }
    }
    printPeak();
  }

  /** Prints the greatest resident set of this process so far, in KiB. */
  static void printPeak() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        System.out.println(line.replaceAll("\\D", ""));
      }
    }
  }
}
