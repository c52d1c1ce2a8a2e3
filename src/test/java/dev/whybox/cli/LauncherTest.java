// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the launcher builds; Java and Maven are scripts that say that they were called. */
class LauncherTest {
  @TempDir Path folder;

  private Path home;

  @BeforeEach
  void project() throws IOException {
    Path launcher = Path.of(System.getProperty("whybox.base", "."), "whybox");
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.exists(launcher), "needs a shell");
    home = Files.createDirectories(folder.resolve("home"));
    for (String directory : new String[] {"src/main", "models/samples", "target/lib", "bin"}) {
      Files.createDirectories(home.resolve(directory));
    }
    Files.copy(launcher, home.resolve("whybox"));
    for (String file :
        new String[] {
          "pom.xml", "src/main/A.java", "models/m.onnx", "target/whybox.jar", "target/lib/old-1.jar"
        }) {
      Files.writeString(home.resolve(file), file);
    }
    Files.createDirectories(home.resolve("target/engine-1"));
    script("bin/java", "echo ran");
    script("bin/mvn", "echo built >>'" + home.resolve("built") + "'");
    Instant longAgo = Instant.now().minusSeconds(3600);
    try (var files = Files.walk(home)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(longAgo));
      }
    }
    touch("target/whybox.jar", 60);
  }

  private void script(String name, String body) throws IOException {
    Path file = Files.writeString(home.resolve(name), "#!/bin/sh\n" + body + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private void touch(String name, int secondsAgo) throws IOException {
    Files.setLastModifiedTime(
        home.resolve(name), FileTime.from(Instant.now().minusSeconds(secondsAgo)));
  }

  /** Runs the launcher and tells whether it built. */
  private boolean builds() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", home.resolve("whybox").toString());
    builder.environment().remove("JAVA_HOME");
    builder
        .environment()
        .merge("PATH", home.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), said);
    assertTrue(said.endsWith("ran\n"), said);
    return Files.deleteIfExists(home.resolve("built"));
  }

  @Test
  void onlySourcesAndTheModelCount() throws Exception {
    assertFalse(builds(), "nothing is newer");
    Files.writeString(home.resolve("models/samples/new.jpg"), "x");
    Files.writeString(home.resolve("models/notes.md"), "x");
    assertFalse(builds(), "a picture is no source");
    for (String source : new String[] {"pom.xml", "src/main/A.java", "models/m.onnx"}) {
      touch(source, 0);
      assertTrue(builds(), source);
      touch(source, 3600);
      touch("target/whybox.jar", 60);
    }
  }

  /** A locale counts by its effect: one that is not installed is as good as none. */
  @Test
  void fileNamesAreReadAsUtf8WhateverIsInstalled() throws Exception {
    script("bin/java", "echo \"encoding $(locale charmap)\"");
    for (String[] one :
        new String[][] {
          {"LC_ALL", "xx_XX.UTF-8"}, {"LC_CTYPE", "UTF-8"}, {"LANG", "xx_XX"}, {"LC_ALL", "C"}
        }) {
      ProcessBuilder builder = new ProcessBuilder("/bin/sh", home.resolve("whybox").toString());
      for (String variable : new String[] {"JAVA_HOME", "LC_ALL", "LC_CTYPE", "LANG"}) {
        builder.environment().remove(variable);
      }
      builder.environment().put(one[0], one[1]);
      builder
          .environment()
          .merge("PATH", home.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
      Process process = builder.redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertTrue(said.endsWith("encoding UTF-8\n"), one[0] + "=" + one[1] + ": " + said);
    }
  }

  @Test
  void deletedSourceCounts() throws Exception {
    Files.delete(home.resolve("src/main/A.java"));
    assertTrue(builds());
  }

  @Test
  void oldLibrariesGoBeforeABuild() throws Exception {
    assertFalse(builds());
    assertTrue(Files.exists(home.resolve("target/lib/old-1.jar")));
    touch("pom.xml", 0);
    assertTrue(builds());
    assertFalse(Files.exists(home.resolve("target/lib/old-1.jar")));
    assertFalse(Files.exists(home.resolve("target/engine-1")));
  }
}
