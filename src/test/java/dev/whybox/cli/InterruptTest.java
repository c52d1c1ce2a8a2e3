// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.image.Image;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InterruptTest {
  private static final String AGAIN = "Ctrl-C again ends at once.";

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void ctrlCWritesTheBestMapSoFar() throws Exception {
    List<String> messages =
        interrupted(
            "shap, 1 target ...",
            "explain",
            Run.sample("meadow.jpg").toString(),
            "--conf",
            "0.01",
            "--target",
            "best",
            "--samples",
            "1000000");
    assertTrue(
        messages.contains("Interrupted: writing the best map so far. " + AGAIN), messages + "");
    JsonNode entry =
        new ObjectMapper()
            .readTree(folder.resolve("meadow.shap.json").toFile())
            .at("/explanations/0");
    assertEquals("cancelled", entry.get("stop").asText());
    assertTrue(entry.get("samples").asInt() > 0);
    assertTrue(Files.exists(folder.resolve("meadow.shap.0.png")));
    String out = Files.readString(folder.resolve("stdout"));
    assertTrue(out.contains("partial: cancelled after"), out);
  }

  @Test
  @Timeout(120)
  void ctrlCWritesThePictureSoFar() throws Exception {
    List<String> messages =
        interrupted(
            "class:bird ...", "dream", "--class", "bird", "--size", "96", "--steps", "100000");
    assertTrue(
        messages.contains("Interrupted: writing the picture so far. " + AGAIN), messages + "");
    JsonNode root = new ObjectMapper().readTree(folder.resolve("dream.class.bird.json").toFile());
    assertEquals("cancelled", root.get("stop").asText());
    int steps = root.get("steps").asInt();
    assertTrue(steps > 0 && steps < 100_000, "steps: " + steps);
    assertEquals(steps, root.get("curve").size());
    assertEquals(96, Image.read(folder.resolve("dream.class.bird.png")).width());
    String out = Files.readString(folder.resolve("stdout"));
    assertTrue(out.contains("partial: cancelled"), out);
  }

  /** Runs a command, interrupts it two seconds after its first message, and returns the others. */
  private List<String> interrupted(String first, String... arguments) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "needs kill");
    List<String> command = new ArrayList<>();
    if (ignoresInterrupts()) {
      // A process that a script starts in the background ignores Ctrl-C, and so do its children.
      List<String> hearing = List.of("/usr/bin/env", "--default-signal=INT");
      assumeTrue(works(hearing), "SIGINT is ignored here, and env cannot change that");
      command.addAll(hearing);
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.whybox.cli.Main"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--out", folder.toString()));
    Process process =
        new ProcessBuilder(command).redirectOutput(folder.resolve("stdout").toFile()).start();
    try (BufferedReader messages =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      assertEquals(first, messages.readLine());
      TimeUnit.SECONDS.sleep(2);
      new ProcessBuilder("/bin/kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      List<String> rest = messages.lines().toList();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(ExitCode.INTERRUPTED.code(), process.exitValue(), rest.toString());
      return rest;
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean works(List<String> prefix) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add("true");
    return Files.isExecutable(Path.of(prefix.get(0)))
        && new ProcessBuilder(command).start().waitFor() == 0;
  }

  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
