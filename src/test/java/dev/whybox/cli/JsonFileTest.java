// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code detect --json FILE} may replace. */
class JsonFileTest {
  @TempDir Path folder;

  @Test
  void imagesOfTheRunAreKept() throws IOException {
    Path image = Files.copy(Run.sample("meadow.jpg"), folder.resolve("a.jpg"));
    Path link = Files.createSymbolicLink(folder.resolve("b.json"), image);
    byte[] before = Files.readAllBytes(image);
    for (Path json : List.of(image, folder.resolve("x/../a.jpg"), link)) {
      Run.of("detect", Run.sample("hill.jpg"), image, "--json", json)
          .assertFailsInOneLine(ExitCode.USAGE, json.toString());
    }
    assertArrayEquals(before, Files.readAllBytes(image));
  }

  @Test
  void wordThatIsAnImageByMistakeIsKept() throws IOException {
    // As the shell makes it of: detect --json *.jpg
    Path first = Files.copy(Run.sample("meadow.jpg"), folder.resolve("a.jpg"));
    byte[] before = Files.readAllBytes(first);
    Run.of("detect", "--json", first, Run.sample("hill.jpg"))
        .assertFailsInOneLine(ExitCode.USAGE, "a.jpg", "not JSON");
    assertArrayEquals(before, Files.readAllBytes(first));
    assertEquals(List.of("a.jpg"), Run.names(folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "{\"schema\": 1}", " \t\n[1]"})
  void jsonAndEmptyFilesAreReplacedAndLinksStay(String old) throws IOException {
    Path file = Files.writeString(folder.resolve("d.json"), old);
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Run.of("detect", Run.sample("meadow.jpg"), "--json", link).assertOk();
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("whybox/1", new ObjectMapper().readTree(file.toFile()).get("schema").asText());
    assertEquals(List.of("d.json", "link"), Run.names(folder));
  }

  @Test
  void folderIsNotMadeInSilence() throws IOException {
    Path file = folder.resolve("none/d.json");
    Run.of("detect", Run.sample("meadow.jpg"), "--json", file)
        .assertFailsInOneLine(ExitCode.OUTPUT, "does not exist", "Make it first");
    assertEquals(List.of(), Run.names(folder));
  }

  @Test
  void linkToNothingIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("none"));
    Run.of("detect", Run.sample("meadow.jpg"), "--json", link)
        .assertFailsInOneLine(ExitCode.OUTPUT, "links to nothing");
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  @Timeout(60)
  void pipeIsWrittenToAndStays() throws Exception {
    Path image = Run.sample("meadow.jpg");
    Path pipe = folder.resolve("pipe");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "needs mkfifo");
    new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor();
    CompletableFuture<byte[]> reader =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readAllBytes(pipe);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    Run.of("detect", image, "--json", pipe).assertOk();
    String json = new String(reader.get(30, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    assertEquals("whybox/1", new ObjectMapper().readTree(json).get("schema").asText());
    assertTrue(Files.exists(pipe, LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.isRegularFile(pipe));
  }
}
