// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The stand-in for NVIDIA's driver, {@code src/test/cpp/driver_double.cpp}: builds and loads it,
 * injects failures, and reports misuse.
 */
public final class DriverDouble {
  private static final Path BASE =
      Path.of(System.getProperty("whybox.base", ".")).toAbsolutePath().normalize();

  /** The folder of the stand-ins, which {@code LD_LIBRARY_PATH} names. */
  public static final Path FOLDER = BASE.resolve("target/double");

  private static boolean loaded;

  private DriverDouble() {}

  /** Builds the libraries if they are older than their sources, or skips the test with a line. */
  public static void build() {
    Path library = FOLDER.resolve("libcuda.so.1");
    try {
      if (Files.exists(library)
          && Files.getLastModifiedTime(library).compareTo(Files.getLastModifiedTime(newest()))
              > 0) {
        return;
      }
      Files.createDirectories(FOLDER);
      Path java = Path.of(System.getProperty("java.home"), "include");
      if (!Files.exists(java.resolve("jni.h"))) {
        skip("no jni.h in " + java);
      }
      compile("libcudart.so.13", List.of(BASE.resolve("src/test/cpp/cudart_stub.cpp").toString()));
      compile(
          "libcuda.so.1",
          List.of(
              "-I" + BASE.resolve("src/main/cpp"),
              "-I" + java,
              "-I" + java.resolve("linux"),
              BASE.resolve("src/test/cpp/driver_double.cpp").toString(),
              BASE.resolve("src/main/cpp/host/cuda_on_host.cpp").toString(),
              "-x",
              "c++",
              BASE.resolve("src/main/cpp/kernels.cu").toString()));
    } catch (IOException e) {
      skip("g++ cannot be run (" + e.getMessage() + ")");
    }
  }

  private static Path newest() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String folder : List.of("src/main/cpp", "src/test/cpp")) {
      try (Stream<Path> files = Files.walk(BASE.resolve(folder))) {
        files.filter(Files::isRegularFile).forEach(sources::add);
      }
    }
    return sources.stream().max(Comparator.comparing(f -> f.toFile().lastModified())).orElseThrow();
  }

  private static void compile(String name, List<String> arguments) throws IOException {
    Path part = FOLDER.resolve(name + "." + ProcessHandle.current().pid());
    List<String> command =
        new ArrayList<>(
            List.of("g++", "-std=c++17", "-O2", "-ffp-contract=off", "-shared", "-fPIC"));
    command.addAll(List.of("-Wno-unknown-pragmas", "-Wl,-soname," + name, "-o", part.toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError("g++ refuses the driver double:\n" + said);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Files.move(part, FOLDER.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static void skip(String why) {
    System.out.println("SKIPPED (no driver double): " + why);
    Assumptions.abort("no driver double: " + why);
  }

  /** Makes the double this process's driver, or skips the test with a line. */
  public static synchronized void require() {
    String path = System.getenv("LD_LIBRARY_PATH");
    if (path == null || !path.contains(FOLDER.toString())) {
      skip("LD_LIBRARY_PATH does not name " + FOLDER);
    }
    build();
    if (!loaded) {
      System.load(FOLDER.resolve("libcuda.so.1").toString());
      String problem = DriverBinding.problem();
      if (problem != null) {
        throw new AssertionError(problem);
      }
      loaded = true;
    }
    reset();
  }

  /** Makes something go wrong; see the source for names. */
  public static void set(String name, long value) {
    put(name, value);
  }

  private static native void put(String name, long value);

  /** Forgets settings, counts, log and failures. */
  public static native void reset();

  /**
   * A counter: calls, allocations, launches, kernels or misuses; "live" counts objects that are not
   * freed.
   */
  public static native long count(String what);

  /** The misuses, one per line. */
  public static native String log();

  /** What {@link KernelModule} loads: the kernels compiled for the host. */
  public static byte[] kernels() {
    return "host kernels\0".getBytes(StandardCharsets.US_ASCII);
  }
}
