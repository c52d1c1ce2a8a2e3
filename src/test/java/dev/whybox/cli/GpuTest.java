// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.cuda.DriverDouble;
import dev.whybox.tensorrt.TensorRtDouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line from end to end on the doubles of driver and TensorRT; each call is a process.
 */
@Tag("double")
class GpuTest {
  @TempDir Path folder;
  private Path kernels;

  @BeforeEach
  void build() throws IOException {
    TensorRtDouble.build();
    kernels = Files.write(folder.resolve("kernels"), DriverDouble.kernels());
  }

  private record Outcome(int code, String out, String err) {}

  private Outcome whybox(Map<String, String> settings, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dwhybox.base=" + System.getProperty("whybox.base", "."),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("LD_LIBRARY_PATH", DriverDouble.FOLDER + ":" + TensorRtDouble.FOLDER);
    environment.put("WHYBOX_KERNELS", kernels.toString());
    environment.put("WHYBOX_CACHE", folder.resolve("plans").toString());
    environment.putAll(settings);
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "hangs");
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private JsonNode explain(Map<String, String> settings, String name, String... words)
      throws Exception {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("explain", Run.sample("meadow.jpg").toString(), "--target", "best"));
    all.addAll(List.of("--format", "json", "--batch", "4", "--size", "160", "--verbose"));
    all.addAll(List.of("--out", folder.resolve(name).toString()));
    all.addAll(List.of(words));
    if (all.contains("lime")) {
      all.addAll(List.of("--samples", "24", "--segments", "grid:4x4"));
    }
    Outcome outcome = whybox(settings, all.toArray(String[]::new));
    assertEquals(0, outcome.code(), outcome.toString());
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      JsonNode json = new ObjectMapper().readTree(files.findFirst().orElseThrow().toFile());
      return ((com.fasterxml.jackson.databind.node.ObjectNode) json).put("stderr", outcome.err());
    }
  }

  @Test
  void aGpuWithAllItNeedsIsTaken() throws Exception {
    Outcome doctor = whybox(Map.of(), "doctor");
    assertEquals(0, doctor.code(), doctor.toString());
    assertTrue(doctor.out().contains("10.15.1"), doctor.out());

    JsonNode cpu = explain(Map.of(), "cpu", "--method", "lime", "--device", "cpu");
    JsonNode gpu = explain(Map.of(), "gpu", "--method", "lime");
    JsonNode half = explain(Map.of(), "half", "--method", "lime", "--half", "--device", "cuda");
    assertEquals("onnxruntime", cpu.at("/engine/name").asText());
    for (JsonNode each : List.of(gpu, half)) {
      assertEquals("tensorrt", each.at("/engine/name").asText());
      assertEquals("10.15.1", each.at("/engine/version").asText());
      assertEquals("cuda:0", each.at("/engine/device").asText());
    }
    assertEquals("fp32", gpu.at("/engine/precision").asText());
    String said = gpu.get("stderr").asText();
    assertTrue(said.contains("runs on the GPU"), said);
    assertTrue(cpu.get("stderr").asText().contains("runs on the CPU: it was asked for"));
    assertEquals("fp16", half.at("/engine/precision").asText());
    JsonNode expected = cpu.at("/explanations/0/segments/values");
    JsonNode found = gpu.at("/explanations/0/segments/values");
    assertEquals(16, expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).asDouble(), found.get(i).asDouble(), 1e-4, "segment " + i);
    }
    try (Stream<Path> files = Files.list(folder.resolve("plans"))) {
      assertEquals(2, files.filter(f -> f.toString().endsWith(".plan")).count());
    }
  }

  /** The first of two GPUs is too old. */
  @Test
  void autoTakesTheFirstGpuThatIsNewEnough() throws Exception {
    Map<String, String> two =
        Map.of("WHYBOX_DOUBLE_DEVICES", "2", "WHYBOX_DOUBLE_OLD_DEVICES", "1");
    JsonNode auto = explain(two, "auto", "--method", "lime");
    assertEquals("cuda:1", auto.at("/engine/device").asText());
    String image = Run.sample("meadow.jpg").toString();
    Outcome old = whybox(two, "detect", image, "--device", "cuda:0");
    assertEquals(ExitCode.DEVICE.code(), old.code(), old.toString());
    assertTrue(
        old.err().contains("cuda:0 cannot be used: it is Driver double 0 (sm_66"), old.err());
    assertTrue(old.err().contains("Take --device cuda:1 or cpu."), old.err());
  }

  /** The kernels' file exists, but the driver cannot read it as kernels. */
  @Test
  void brokenKernelsAreAnErrorOrExplainedOnTheCpu() throws Exception {
    Path none = Files.writeString(folder.resolve("none"), "these are no kernels");
    Map<String, String> broken = Map.of("WHYBOX_KERNELS", none.toString());
    JsonNode auto = explain(broken, "auto", "--method", "lime");
    assertEquals("onnxruntime", auto.at("/engine/name").asText());
    String said = auto.get("stderr").asText();
    assertTrue(said.contains("runs on the CPU") && said.contains("INVALID_IMAGE"), said);
    Outcome asked =
        whybox(broken, "detect", Run.sample("meadow.jpg").toString(), "--device", "cuda");
    assertEquals(ExitCode.ENGINE.code(), asked.code(), asked.toString());
  }

  @Test
  void whiteBoxMethodsRunOnTheGpuThatIsAskedFor() throws Exception {
    JsonNode asked = explain(Map.of(), "asked", "--method", "grad-cam", "--device", "cuda");
    assertEquals("tensorrt", asked.at("/engine/name").asText());
    assertEquals("cuda:0", asked.at("/engine/device").asText());
    try (Stream<Path> plans = Files.list(folder.resolve("plans"))) {
      assertEquals(
          2, plans.filter(f -> f.toString().endsWith(".plan")).count(), "of the gradient too");
    }
    JsonNode map = explain(Map.of(), "cam", "--method", "grad-cam");
    for (String number : List.of("/detections/0/score", "/explanations/0/fullScore")) {
      assertEquals(map.at(number).asDouble(), asked.at(number).asDouble(), 1e-4, number);
    }
    assertEquals("onnxruntime", map.at("/engine/name").asText());
    assertEquals("cpu", map.at("/engine/device").asText());
    String said = map.get("stderr").asText();
    assertTrue(said.contains("runs on the CPU: auto takes a GPU for shap"), said);
  }

  @Test
  void whatTensorRtRefusesIsAnErrorOrExplainedOnTheCpu() throws Exception {
    Map<String, String> refusing = Map.of("WHYBOX_TENSORRT_DOUBLE_PARSE_FAILS", "1");
    String image = Run.sample("meadow.jpg").toString();
    Outcome asked = whybox(refusing, "detect", image, "--device", "cuda");
    assertEquals(ExitCode.MODEL.code(), asked.code(), asked.toString());
    assertTrue(asked.err().contains("parser refuses the graph"), asked.err());
    JsonNode auto = explain(refusing, "auto", "--method", "lime");
    assertEquals("onnxruntime", auto.at("/engine/name").asText());
    String said = auto.get("stderr").asText();
    assertTrue(said.contains("runs on the CPU") && said.contains("parser refuses"), said);
  }

  @Test
  void everyCheckOfVerifyRuns() throws Exception {
    Outcome outcome = whybox(Map.of(), "doctor", "--verify", "--explanations", "2");
    assertEquals(0, outcome.code(), outcome.toString());
    assertTrue(outcome.out().contains("All 23 checks passed."), outcome.out());
    assertTrue(outcome.out().contains("kernel score_f16, cosine"), outcome.out());
    assertTrue(outcome.out().contains("gradient of TensorRT against ONNX Runtime, --half"));
    assertTrue(outcome.out().contains("rank correlation (at least 0.99"), outcome.out());
    assertTrue(outcome.out().contains("bytes gone"), outcome.out());
  }

  @Test
  void aFailedCheckIsAnExitCode() throws Exception {
    Map<String, String> broken =
        Map.of("WHYBOX_DOUBLE_LAUNCH_FAILS_AT", "1", "WHYBOX_TENSORRT_DOUBLE_BUILD_FAILS", "1");
    Outcome outcome = whybox(broken, "doctor", "--verify", "--explanations", "1");
    assertEquals(ExitCode.DEVICE.code(), outcome.code(), outcome.toString());
    assertTrue(outcome.out().contains("FAILED  kernel perturb"), outcome.out());
    assertTrue(outcome.out().contains("FAILED  TensorRT against"), outcome.out());
    assertTrue(outcome.out().contains("Could not find any implementation"), outcome.out());
    assertTrue(outcome.out().contains("checks failed."), outcome.out());
  }

  @Test
  void withoutAGpuNothingIsVerified() throws Exception {
    Outcome outcome = whybox(Map.of("WHYBOX_DOUBLE_DEVICES", "0"), "doctor", "--verify");
    assertEquals(ExitCode.DEVICE.code(), outcome.code(), outcome.toString());
    assertTrue(outcome.out().contains("Nothing was verified"), outcome.out());
    assertTrue(
        outcome.out().contains("MISSING: a driver for CUDA 13.0, but no GPU"), outcome.out());
  }
}
