// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import ai.onnxruntime.OrtEnvironment;
import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.report.Report;
import dev.whybox.tensorrt.GpuSupport;
import dev.whybox.tensorrt.GpuSupport.Check;
import dev.whybox.tensorrt.GpuSupport.Outcome;
import dev.whybox.verify.GpuChecks;
import dev.whybox.verify.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code whybox doctor}. */
@Command(
    name = "doctor",
    description =
        "Shows what Whybox can use on this machine: versions, the engine of the CPU, GPU, CUDA"
            + " and TensorRT. For each missing part it says what to do. The exit code is 0 if a"
            + " GPU can be used, 9 if only the CPU can, 8 if neither can.",
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  @ArgGroup(exclusive = false)
  private Verifying verifying;

  @Mixin private HelpOption help;

  /** Options that need {@code --verify}. */
  private static final class Verifying {
    @Option(
        names = "--verify",
        order = 1,
        required = true,
        description =
            "Check that the GPU computes the same as the CPU: kernels, engine, maps, memory."
                + " Takes minutes. The exit code is 9 if a check fails or if there is no GPU.")
    private boolean asked;

    @Option(
        names = "--gpu",
        order = 2,
        paramLabel = "N",
        description = "The GPU to verify, from 0. Default: 0.")
    private int number;

    @Option(
        names = {"-m", "--model"},
        order = 3,
        paramLabel = "FILE",
        description =
            "The detector for the checks. Default: the small model that comes with" + " Whybox.")
    private Path model;

    @Option(
        names = "--explanations",
        order = 4,
        paramLabel = "N",
        description = "Number of explanations in the search for memory leaks. Default: 1000.")
    private int explanations = 1000;

    /** Checks the options and reads the model. */
    byte[] checked() {
      if (explanations < 1) {
        throw new BadArgument("--explanations must be at least 1, but is " + explanations + ".");
      }
      if (number < 0) {
        throw new BadArgument("--gpu must be the number of a GPU, from 0, but is " + number + ".");
      }
      return model == null ? Whybox.bundledModel() : Whybox.read(model);
    }
  }

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    byte[] onnx = verifying == null ? null : verifying.checked();
    print("whybox", Report.version());
    print(
        "java",
        System.getProperty("java.version")
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch"));
    List<Check> cpu = new ArrayList<>();
    cpu.add(library("onnxruntime", () -> OrtEnvironment.getEnvironment().getVersion()));
    cpu.add(
        library(
            "opencv",
            () -> {
              Loader.load(opencv_core.class);
              return opencv_core.CV_VERSION;
            }));
    cpu.forEach(this::print);
    GpuSupport gpu = GpuSupport.find();
    gpu.checks().forEach(this::print);
    if (cpu.stream().anyMatch(check -> check.outcome() == Outcome.FAILED)) {
      console.print("Whybox cannot run here.");
      return ExitCode.ENGINE.code();
    }
    boolean usable = gpu.missing() == null;
    console.print(
        usable ? "GPU and CPU can be used." : "The CPU can be used, but no GPU: see above.");
    if (verifying != null && !usable) {
      console.print("Nothing was verified: a GPU that can be used is needed.");
    } else if (verifying != null) {
      usable = verified(gpu.devices().size(), onnx);
    }
    return (usable ? ExitCode.OK : ExitCode.DEVICE).code();
  }

  private boolean verified(int devices, byte[] onnx) {
    if (verifying.number >= devices) {
      throw new BadArgument(
          "--gpu must be 0 to "
              + (devices - 1)
              + ", the GPUs here, but is "
              + verifying.number
              + ".");
    }
    List<dev.whybox.verify.GpuCheck> checks =
        new GpuChecks(verifying.number, onnx, verifying.explanations).all();
    return Verification.run(checks, console::print) == 0;
  }

  private static Check library(String name, Supplier<String> version) {
    try {
      return new Check(name, Outcome.PASSED, version.get(), "");
    } catch (LinkageError | RuntimeException e) {
      return new Check(
          name,
          Outcome.FAILED,
          "cannot be loaded: " + e.getMessage(),
          "Build Whybox again on this machine (mvn package); the home folder must be writable.");
    }
  }

  private void print(Check check) {
    String mark =
        switch (check.outcome()) {
          case PASSED -> "";
          case FAILED -> "MISSING: ";
          case SKIPPED -> "not tried: ";
        };
    print(check.name(), mark + check.found());
    if (!check.fix().isEmpty()) {
      print("", check.fix());
    }
  }

  /** Prints a name and what was found. The longest name is onnxruntime. */
  private void print(String name, String found) {
    console.print("%-12s %s".formatted(name, found));
  }
}
