// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.DriverStatus;
import dev.whybox.cuda.KernelBinary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The result of the checks whether GPUs can be used here. Each check needs those before it. After a
 * failed check of driver or device the later ones are skipped, since TensorRT crashes the process
 * if there is no GPU.
 *
 * @param checks driver, device, kernels, TensorRT
 * @param devices the GPUs, by number
 */
public record GpuSupport(List<Check> checks, List<CudaDevice.Info> devices) {
  /** The GPUs that can be used, in words. */
  public static final String NEEDED =
      "A GPU of compute capability 7.5 (Turing) or newer is needed.";

  /** Turing, the oldest architecture that the kernels are built for. */
  private static final int OLDEST_CAPABILITY = 75;

  /**
   * One check.
   *
   * @param name the part that was checked
   * @param outcome the outcome
   * @param found what was found, or what is missing
   * @param fix what to do if it failed, else empty
   */
  public record Check(String name, Outcome outcome, String found, String fix) {}

  /** The outcome of a check. */
  public enum Outcome {
    /** The part works. */
    PASSED,
    /** The part is missing or does not work. */
    FAILED,
    /** The check was not tried, since it needs a part that failed. */
    SKIPPED
  }

  /**
   * Runs the checks. It never throws.
   *
   * @return the results
   */
  public static GpuSupport find() {
    List<Check> checks = new ArrayList<>();
    DriverStatus status = DriverStatus.find();
    DriverStatus.Problem problem = status.problem();
    if (problem != null && problem.part() == DriverStatus.Part.DRIVER) {
      checks.add(failed("driver", problem.found(), problem.fix()));
      checks.add(skipped("device", "needs the driver"));
    } else {
      checks.add(
          passed(
              "driver", "CUDA " + DriverStatus.words(status.version()) + ", " + status.library()));
      checks.add(
          problem != null
              ? failed("device", problem.found(), problem.fix())
              : device(status.devices()));
    }
    checks.add(kernels(status));
    checks.add(tensorRt(problem));
    return new GpuSupport(List.copyOf(checks), status.devices());
  }

  private static Check device(List<CudaDevice.Info> devices) {
    String found =
        IntStream.range(0, devices.size())
            .mapToObj(i -> "cuda:" + i + " " + devices.get(i))
            .collect(Collectors.joining(", "));
    return devices.stream().anyMatch(GpuSupport::suits)
        ? passed("device", found)
        : failed("device", found, NEEDED);
  }

  private static boolean suits(CudaDevice.Info device) {
    return device.capability() >= OLDEST_CAPABILITY;
  }

  /**
   * Whether a GPU is new enough.
   *
   * @param number its number, from 0
   * @return false if it is too old
   */
  public boolean suits(int number) {
    return suits(devices.get(number));
  }

  /**
   * The GPU to use if none is named.
   *
   * @return the number of the first GPU that is new enough, or 0
   */
  public int first() {
    return IntStream.range(0, devices.size()).filter(this::suits).findFirst().orElse(0);
  }

  private static Check kernels(DriverStatus status) {
    if (!KernelBinary.exists()) {
      return failed(
          "kernels",
          "this build of Whybox has none",
          "Build Whybox where nvcc and cmake are with `mvn -Pkernels package`, or name a file with "
              + KernelBinary.VARIABLE
              + ".");
    }
    String toolkit = KernelBinary.toolkit();
    boolean named = System.getenv(KernelBinary.VARIABLE) != null;
    int major = named || toolkit.equals("unknown") ? 0 : Integer.parseInt(toolkit.split("\\.")[0]);
    if (status.version() > 0 && status.version() / 1000 < major) {
      return failed(
          "kernels",
          KernelBinary.origin()
              + ", but the driver is for CUDA "
              + DriverStatus.words(status.version()),
          "Install a driver for CUDA "
              + major
              + ", or build the kernels with your toolkit and name the file with "
              + KernelBinary.VARIABLE
              + ".");
    }
    return passed("kernels", KernelBinary.origin());
  }

  private static Check tensorRt(DriverStatus.Problem problem) {
    if (problem != null) {
      return skipped("tensorrt", "needs a device");
    }
    return TensorRtBinding.problem() == null
        ? passed("tensorrt", TensorRtBinding.version())
        : failed(
            "tensorrt",
            TensorRtBinding.problem(),
            "Install TensorRT 10 (libnvinfer.so.10, libnvonnxparser.so.10) and what its bindings"
                + " load"
                + " besides (cuBLAS and NVRTC of the CUDA toolkit, cuDNN 9), and put their"
                + " folders on"
                + " LD_LIBRARY_PATH.");
  }

  private static Check passed(String name, String found) {
    return new Check(name, Outcome.PASSED, found, "");
  }

  private static Check failed(String name, String found, String fix) {
    return new Check(name, Outcome.FAILED, found, fix);
  }

  private static Check skipped(String name, String why) {
    return new Check(name, Outcome.SKIPPED, why, "");
  }

  /**
   * The reasons why GPUs cannot be used.
   *
   * @return one sentence per failed check, or null if all passed
   */
  public String missing() {
    List<String> missing = allMissing();
    return missing.isEmpty() ? null : String.join(" ", missing);
  }

  /**
   * The failed checks, one by one.
   *
   * @return for each failed check its name, what was found and what to do; empty if all passed
   */
  public List<String> allMissing() {
    return checks.stream()
        .filter(check -> check.outcome() == Outcome.FAILED)
        .map(check -> check.name() + ": " + check.found() + ". " + check.fix())
        .toList();
  }

  /**
   * A summary.
   *
   * @return all checks in a few words
   */
  public String summary() {
    return checks.stream()
        .map(
            check ->
                check.name()
                    + " "
                    + (check.outcome() == Outcome.PASSED
                        ? check.found()
                        : check.outcome().name().toLowerCase(java.util.Locale.ROOT)))
        .collect(Collectors.joining("; "));
  }
}
