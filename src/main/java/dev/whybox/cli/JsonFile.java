// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnwritableOutput;
import dev.whybox.report.OutputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file that {@code --json} names. It must not be a file that the user still needs. */
final class JsonFile {
  /** The number of bytes in which JSON must begin; nobody writes more white space before it. */
  private static final int BEGINNING = 4096;

  private JsonFile() {}

  /** Opens the file. Refuses an image of this run, and any file that does not begin like JSON. */
  static OutputFile at(Path file, List<Path> images) {
    for (Path image : images) {
      if (same(file, image)) {
        throw new BadArgument(
            "--json %s would replace an image of this run. Name another file after --json, such as FILE.json."
                .formatted(file));
      }
    }
    if (Files.isRegularFile(file) && !holdsJson(file)) {
      throw new BadArgument(
          "--json %s would replace a file that is not JSON: an existing one must be empty or begin with { or [. Name another file, or delete this one first."
              .formatted(file));
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.exists(folder)) {
      throw new UnwritableOutput(
          "--json %s: the folder %s does not exist. Make it first, or name another file."
              .formatted(file, folder),
          null);
    }
    return OutputFile.at(file);
  }

  private static boolean same(Path a, Path b) {
    try {
      return Files.exists(a) && Files.exists(b)
          ? Files.isSameFile(a, b)
          : a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    } catch (IOException e) {
      return a.equals(b);
    }
  }

  private static boolean holdsJson(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] beginning = in.readNBytes(BEGINNING);
      String text = new String(beginning, StandardCharsets.UTF_8).strip();
      return text.startsWith("{")
          || text.startsWith("[")
          || text.isEmpty() && beginning.length < BEGINNING;
    } catch (IOException e) {
      throw new UnwritableOutput(
          "The output file %s cannot be read to see whether it may be replaced: %s. Choose another file."
              .formatted(file, e),
          e);
    }
  }
}
