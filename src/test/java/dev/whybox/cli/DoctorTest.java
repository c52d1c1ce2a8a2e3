// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.whybox.cuda.DriverDouble;
import dev.whybox.cuda.KernelBinary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What doctor prints, and that it ends by itself. Each case runs in its own process with its own
 * driver.
 */
@Tag("double")
class DoctorTest {
  @TempDir Path folder;

  @BeforeEach
  void build() {
    DriverDouble.build();
    assumeTrue(System.getProperty("os.name").startsWith("Linux"), "the double is for Linux");
  }

  private record Outcome(int code, String out, String err) {}

  private Outcome whybox(Path libraries, Map<String, String> settings, String... words)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
    builder.environment().remove("WHYBOX_KERNELS");
    builder.environment().putAll(settings);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "hangs");
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private void assertSays(Outcome outcome, String... words) {
    assertEquals(ExitCode.DEVICE.code(), outcome.code(), outcome.toString());
    for (String word : words) {
      assertTrue(outcome.out().contains(word), word + " in " + outcome.out());
    }
    assertTrue(outcome.out().contains("\nonnxruntime  1."), outcome.out());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
  }

  private void noDriverOfItsOwn() {
    boolean has =
        List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/wsl/lib").stream()
            .anyMatch(place -> Files.exists(Path.of(place, "libcuda.so.1")));
    assumeTrue(!has, "this machine has a driver");
  }

  @Test
  void withoutDriver() throws Exception {
    noDriverOfItsOwn();
    Outcome outcome = whybox(folder, Map.of(), "doctor");
    assertSays(outcome, "MISSING: no NVIDIA driver: libcuda.so.1", "JetPack", "not tried");
  }

  @Test
  void withTheToolkitAlone() throws Exception {
    noDriverOfItsOwn();
    Files.copy(DriverDouble.FOLDER.resolve("libcudart.so.13"), folder.resolve("libcudart.so.13"));
    assertSays(whybox(folder, Map.of(), "doctor"), "MISSING: no NVIDIA driver", "not tried");
  }

  /** Broken, not missing, since this machine may have the toolkit. */
  @Test
  void withADriverButNoToolkit() throws Exception {
    Files.copy(DriverDouble.FOLDER.resolve("libcuda.so.1"), folder.resolve("libcuda.so.1"));
    Files.writeString(folder.resolve("libcudart.so.13"), "no library");
    Outcome outcome = whybox(folder, Map.of(), "doctor");
    assertSays(outcome, "libcudart.so.13", "Install CUDA's runtime library");
  }

  @Test
  void withADriverThatIsNone() throws Exception {
    Files.copy(DriverDouble.FOLDER.resolve("libcudart.so.13"), folder.resolve("libcudart.so.13"));
    Files.writeString(folder.resolve("libcuda.so.1"), "no library");
    assertSays(whybox(folder, Map.of(), "doctor"), "libcuda.so.1: ", "Install NVIDIA's driver");
  }

  @Test
  void withAnOldDevice() throws Exception {
    Outcome outcome =
        whybox(DriverDouble.FOLDER, Map.of("WHYBOX_DOUBLE_OLD_DEVICES", "1"), "doctor");
    assertSays(outcome, "device       MISSING: cuda:0 Driver double 0 (sm_66", "7.5 (Turing)");
  }

  @Test
  void withDriverButNoDevice() throws Exception {
    Outcome outcome = whybox(DriverDouble.FOLDER, Map.of("WHYBOX_DOUBLE_DEVICES", "0"), "doctor");
    assertSays(
        outcome,
        "driver       CUDA 13.0",
        "no GPU: CUDA_ERROR_NO_DEVICE",
        "nvidia-smi",
        "not tried");
  }

  @Test
  void withAnOldDriver() throws Exception {
    Outcome outcome =
        whybox(DriverDouble.FOLDER, Map.of("WHYBOX_DOUBLE_DRIVER", "11040"), "doctor");
    assertSays(outcome, "CUDA 11.4; at least 12.0 needed", "525", "not tried");
  }

  @Test
  void withDriverAndDevice() throws Exception {
    Outcome outcome = whybox(DriverDouble.FOLDER, Map.of(), "doctor");
    String kernels =
        KernelBinary.exists() ? KernelBinary.origin() : "MISSING: this build of Whybox has none";
    assertSays(outcome, "cuda:0 Driver double 0 (sm_86, 1.0 GiB)", "kernels      " + kernels);
  }

  @Test
  void saysWhichKernelsTheVariableNames() throws Exception {
    Path file = Files.writeString(folder.resolve("own.fatbin"), "kernels");
    Outcome own = whybox(DriverDouble.FOLDER, Map.of("WHYBOX_KERNELS", file.toString()), "doctor");
    assertSays(own, "kernels      " + file + " (WHYBOX_KERNELS)");
    Path none = folder.resolve("none.fatbin");
    Outcome bad = whybox(DriverDouble.FOLDER, Map.of("WHYBOX_KERNELS", none.toString()), "doctor");
    assertSays(bad, "kernels      MISSING");
  }

  @Test
  void cudaThatCannotBeUsedIsAnErrorAndAutoGoesOn() throws Exception {
    Map<String, String> none = Map.of("WHYBOX_DOUBLE_DEVICES", "0");
    String image = Run.sample("meadow.jpg").toString();
    Outcome asked = whybox(DriverDouble.FOLDER, none, "detect", image, "--device", "cuda");
    assertEquals(ExitCode.DEVICE.code(), asked.code(), asked.toString());
    List<String> lines = asked.err().lines().toList();
    assertTrue(lines.get(0).contains("cuda:0 cannot be used"), asked.err());
    assertTrue(lines.get(0).contains("--device cpu"), asked.err());
    assertTrue(lines.get(0).length() < 100, asked.err());
    assertTrue(lines.size() > 1, asked.err());
    for (String line : lines.subList(1, lines.size())) {
      assertTrue(line.matches("  (driver|device|kernels|tensorrt): .+\\. .+"), line);
    }
    String out = folder.resolve("maps").toString();
    List<String> lime = List.of("--method", "lime", "--segments", "grid:2x2", "--samples", "8");
    List<String> words = new ArrayList<>(List.of("explain", image, "--verbose", "--out", out));
    words.addAll(lime);
    Outcome auto = whybox(DriverDouble.FOLDER, none, words.toArray(String[]::new));
    assertEquals(0, auto.code(), auto.toString());
    assertTrue(auto.err().contains("runs on the CPU: device:"), auto.err());
  }
}
