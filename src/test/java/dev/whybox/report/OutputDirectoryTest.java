// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.whybox.error.WhyboxException.UnwritableOutput;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {
  private static final byte[] OLD = {1, 2, 3};

  @TempDir Path folder;

  @Test
  void createsTheFolderAndWritesWholeFiles() throws IOException {
    Path file = OutputDirectory.at(folder.resolve("a/b")).write("x.bin", OLD);
    assertEquals(folder.resolve("a/b/x.bin"), file);
    assertEquals(-1, Files.mismatch(file, Files.write(folder.resolve("same"), OLD)));
    assertEquals(List.of("x.bin"), names(folder.resolve("a/b")));
  }

  @Test
  void filesAreAsReadableAsOthers() throws IOException {
    Path other = Files.createFile(folder.resolve("other"));
    assumeTrue(Files.getFileStore(other).supportsFileAttributeView("posix"));
    Path file = OutputDirectory.at(folder).write("x.bin", OLD);
    assertEquals(Files.getPosixFilePermissions(other), Files.getPosixFilePermissions(file));
  }

  @Test
  void fileWhereAFolderIsNeededIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("taken"), OLD);
    for (Path path : List.of(file, file.resolve("below"))) {
      UnwritableOutput e = assertThrows(UnwritableOutput.class, () -> OutputDirectory.at(path));
      assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
      assertTrue(e.getMessage().contains("not a folder"), e.getMessage());
    }
    assertEquals(List.of("taken"), names(folder));
  }

  @Test
  void folderWhereAFileIsNeededIsNamed() throws IOException {
    Files.createDirectory(folder.resolve("x.json"));
    assertThrows(UnwritableOutput.class, () -> OutputFile.at(folder.resolve("x.json")));
    OutputDirectory out = OutputDirectory.at(folder);
    assertThrows(UnwritableOutput.class, () -> out.write("x.json", OLD));
    assertEquals(List.of("x.json"), names(folder));
  }

  @Test
  void failureInTheMiddleLeavesTheOldFileAndNothingElse() throws IOException {
    OutputDirectory out = OutputDirectory.at(folder);
    Path file = out.write("x.bin", OLD);
    UnwritableOutput e =
        assertThrows(
            UnwritableOutput.class,
            () ->
                out.write(
                    "x.bin",
                    stream -> {
                      stream.write(new byte[200_000]);
                      throw new IOException("the device is gone");
                    }));
    assertTrue(e.getMessage().contains("the device is gone"), e.getMessage());
    assertEquals(-1, Files.mismatch(file, Files.write(folder.resolve("same"), OLD)));
    assertEquals(List.of("same", "x.bin"), names(folder));
  }

  @Test
  void fullDiskIsSaidAndLeavesNothing() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "this system has no /dev/full");
    OutputDirectory out =
        new OutputDirectory(
            folder,
            file -> {
              // The file exists, as if a first block had been written; the system refuses every
              // further byte.
              Files.createFile(file);
              return new FilterOutputStream(new FileOutputStream(full.toFile()));
            });
    UnwritableOutput e =
        assertThrows(UnwritableOutput.class, () -> out.write("x.bin", new byte[100]));
    assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
    assertEquals(List.of(), names(folder));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
