// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static org.bytedeco.cuda.global.cudart.cuDeviceGetCount;
import static org.bytedeco.cuda.global.cudart.cuDriverGetVersion;
import static org.bytedeco.cuda.global.cudart.cuInit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What there is of NVIDIA's driver and of GPUs.
 *
 * @param library the driver's file, or null where there is none
 * @param version the newest CUDA that the driver knows, 1000 · major + 10 · minor, or 0 where the
 *     driver can't be asked
 * @param devices the GPUs, by number
 * @param problem what keeps GPUs from being used, or null
 */
public record DriverStatus(
    Path library, int version, List<CudaDevice.Info> devices, Problem problem) {

  /** Calls that Whybox makes are in every driver from here on. */
  public static final int OLDEST = 12000;

  /**
   * What is wrong.
   *
   * @param part what it is about: the driver or the devices
   * @param found what was found
   * @param fix what to do
   */
  public record Problem(Part part, String found, String fix) {}

  /** What a problem is about. */
  public enum Part {
    /** The driver, or the library to call it. */
    DRIVER,
    /** The GPUs. */
    DEVICE
  }

  /**
   * Looks. Never throws, and loads nothing where there is no driver.
   *
   * @return what there is now; whether the library can be loaded is found out only once
   */
  public static DriverStatus find() {
    Path library = DriverLibrary.find();
    String problem = DriverBinding.problem();
    if (problem != null) {
      // The binding itself is called jnicudart, whatever is missing.
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
