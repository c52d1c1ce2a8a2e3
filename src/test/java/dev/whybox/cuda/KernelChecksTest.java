// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernels, compiled for the host, under AddressSanitizer and UndefinedBehaviorSanitizer: {@code
 * src/test/cpp/kernel_checks.cpp}. Every array there ends where its allocation ends.
 */
class KernelChecksTest {
  private static final Path BASE =
      Path.of(System.getProperty("whybox.base", ".")).toAbsolutePath().normalize();

  @Test
  void noKernelLeavesItsBuffers(@TempDir Path folder) throws IOException, InterruptedException {
    Path program = folder.resolve("kernel_checks");
    List<String> compiler =
        new ArrayList<>(List.of("g++", "-std=c++17", "-O1", "-g", "-ffp-contract=off"));
    compiler.addAll(List.of("-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
    compiler.addAll(List.of("-Wno-unknown-pragmas", "-I" + BASE.resolve("src/main/cpp")));
    compiler.addAll(List.of("-o", program.toString()));
    Stream.of(
            "src/test/cpp/kernel_checks.cpp",
            "src/main/cpp/host/cuda_on_host.cpp",
            "-xc++",
            "src/main/cpp/kernels.cu")
        .map(name -> name.startsWith("-") ? name : BASE.resolve(name).toString())
        .forEach(compiler::add);
    try {
      run(compiler);
    } catch (IOException e) {
      System.out.println("SKIPPED (no kernel checks): g++ cannot be run: " + e.getMessage());
      Assumptions.abort("g++ cannot be run");
    }
    run(List.of(program.toString()));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> command.get(0) + " says:\n" + said);
  }
}
