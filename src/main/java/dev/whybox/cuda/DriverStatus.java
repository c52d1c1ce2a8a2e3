// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static org.bytedeco.cuda.global.cudart.cuDeviceGetCount;
import static org.bytedeco.cuda.global.cudart.cuDriverGetVersion;
import static org.bytedeco.cuda.global.cudart.cuInit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of NVIDIA's driver and the GPUs.
 *
 * @param library the driver's file, or null if there is none
 * @param version the newest CUDA version that the driver supports, as 1000 · major + 10 · minor, or
 *     0 if the driver cannot be asked
 * @param devices the GPUs, by number
 * @param problem the reason why GPUs cannot be used, or null
 */
public record DriverStatus(
    Path library, int version, List<CudaDevice.Info> devices, Problem problem) {

  /** The oldest CUDA version whose drivers have all calls that Whybox makes. */
  public static final int OLDEST = 12000;

  /**
   * A problem.
   *
   * @param part the part with the problem: the driver or the devices
   * @param found what was found
   * @param fix what to do
   */
  public record Problem(Part part, String found, String fix) {}

  /** The part with a problem. */
  public enum Part {
    /** The driver, or the library that calls it. */
    DRIVER,
    /** The GPUs. */
    DEVICE
  }

  /**
   * Examines the machine. It never throws, and it loads nothing if there is no driver.
   *
   * @return the current state; whether the library can be loaded is tested only once per process
   */
  public static DriverStatus find() {
    Path library = DriverLibrary.find();
    String problem = DriverBinding.problem();
    if (problem != null) {
      // Not "cudart" alone: the binding itself is called jnicudart, whatever is missing.
      boolean runtime = problem.contains("libcudart") || problem.contains("cudart64");
      return failed(
          library,
          0,
          Part.DRIVER,
          problem,
          runtime && library != null
              ? "Install CUDA's runtime library (libcudart.so.13, part of the CUDA 13 toolkit) and"
                  + " put its folder on LD_LIBRARY_PATH."
              : "Install NVIDIA's driver; on Jetson it comes with JetPack. In a container, start it"
                  + " with --gpus all.");
    }
    return ask(library);
  }

  private static DriverStatus ask(Path library) {
    int[] version = new int[1];
    int code = cuDriverGetVersion(version);
    if (code != Driver.SUCCESS) {
      return failed(
          library,
          0,
          Part.DRIVER,
          "the driver does not say its version: " + Driver.describe(code),
          "Install NVIDIA's driver again.");
    }
    if (version[0] < OLDEST) {
      return failed(
          library,
          version[0],
          Part.DRIVER,
          "the driver is for CUDA " + words(version[0]) + "; at least " + words(OLDEST) + " needed",
          "Install a newer NVIDIA driver (525 or later).");
    }
    code = cuInit(0);
    int[] count = new int[1];
    if (code == Driver.SUCCESS) {
      code = cuDeviceGetCount(count);
    }
    if (code != Driver.SUCCESS || count[0] == 0) {
      return failed(
          library,
          version[0],
          Part.DEVICE,
          "a driver for CUDA "
              + words(version[0])
              + ", but no GPU"
              + (code == Driver.SUCCESS ? "" : ": " + Driver.describe(code)),
          "Check `nvidia-smi` and CUDA_VISIBLE_DEVICES; start a container with --gpus all.");
    }
    try {
      List<CudaDevice.Info> devices = new ArrayList<>();
      for (int i = 0; i < count[0]; i++) {
        devices.add(CudaDevice.about(i));
      }
      return new DriverStatus(library, version[0], List.copyOf(devices), null);
    } catch (RuntimeException e) {
      return failed(
          library,
          version[0],
          Part.DEVICE,
          e.getMessage(),
          "Check `nvidia-smi`; restart if it hangs.");
    }
  }

  private static DriverStatus failed(
      Path library, int version, Part part, String found, String fix) {
    return new DriverStatus(library, version, List.of(), new Problem(part, found, fix));
  }

  /**
   * A version in words.
   *
   * @param version 1000 · major + 10 · minor
   * @return such as {@code 13.0}
   */
  public static String words(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
