// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.error.WhyboxException.UnwritableOutput;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * One output file that the user has named. A regular file appears complete or not at all. If the
 * name is a link, the file it points to is replaced and the link stays. A pipe or a device is
 * written to directly.
 */
public final class OutputFile {
  private final Path file;

  /** Null for a pipe or a device. */
  private final OutputDirectory directory;

  private OutputFile(Path file, OutputDirectory directory) {
    this.file = file;
    this.directory = directory;
  }

  /**
   * Opens an output file and creates its folder if it does not exist. It also checks that the file
   * can be written: an error should come before the work, not after it.
   *
   * @param file the file to write
   * @return the output file, ready
   * @throws UnwritableOutput if the folder cannot be created or written to, or if the file is a
   *     folder or a link to nothing
   */
  public static OutputFile at(Path file) {
    if (Files.isDirectory(file)) {
      throw OutputDirectory.unwritable(
          "file", file, new FileSystemException(file.toString(), null, "it is a folder"));
    }
    if (!Files.exists(file)) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw OutputDirectory.unwritable(
            "file", file, new FileSystemException(file.toString(), null, "it links to nothing"));
      }
      return new OutputFile(file, OutputDirectory.at(file.toAbsolutePath().getParent()));
    }
    if (!Files.isRegularFile(file)) {
      return new OutputFile(file, null);
    }
    try {
      Path real = file.toRealPath();
      return new OutputFile(real, OutputDirectory.at(real.getParent()));
    } catch (IOException e) {
      throw OutputDirectory.unwritable("file", file, e);
    }
  }

  /**
   * Writes the file. The content of an existing regular file is replaced.
   *
   * @param content its bytes
   * @throws UnwritableOutput if it cannot be written; an older regular file is then unchanged
   */
  public void write(byte[] content) {
    if (directory != null) {
      directory.write(file.getFileName().toString(), content);
      return;
    }
    try (OutputStream out = new FileOutputStream(file.toFile(), true)) {
      out.write(content);
    } catch (IOException e) {
      throw new UnwritableOutput(
          "The pipe or device %s cannot be written to: %s. Choose another file."
              .formatted(file, OutputDirectory.reason(e)),
          e);
    }
  }
}
