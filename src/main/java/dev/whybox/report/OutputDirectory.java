// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.error.WhyboxException.UnwritableOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A folder for results. A file appears complete or not at all: it is written under a temporary name
 * in the same folder and then renamed.
 */
public final class OutputDirectory {
  private final Path directory;
  private final Opener opener;

  /** The folders that did not exist and were created, from the outermost to this one. */
  private final List<Path> made;

  /** The content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes the whole content.
     *
     * @param out a buffered stream; the caller closes it
     * @throws IOException if writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Creates a file that does not exist yet. */
  @FunctionalInterface
  interface Opener {
    OutputStream open(Path file) throws IOException;
  }

  OutputDirectory(Path directory, Opener opener) {
    this(directory, opener, List.of());
  }

  private OutputDirectory(Path directory, Opener opener, List<Path> made) {
    this.made = made;
    this.directory = directory;
    this.opener = opener;
  }

  /**
   * Opens a folder and creates it if it does not exist. It also checks that files can be written
   * there: an error should come before the work, not after it.
   *
   * @param directory the folder
   * @return the folder, ready for files
   * @throws UnwritableOutput if it cannot be created or written to
   */
  public static OutputDirectory at(Path directory) {
    List<Path> made = new ArrayList<>();
    for (Path path = directory; path != null; path = path.getParent()) {
      if (!Files.exists(path)) {
        made.add(0, path);
      }
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw unwritable(
            "folder",
            directory,
            new FileSystemException(path.toString(), null, path + " is a file, not a folder"));
      }
    }
    try {
      Files.createDirectories(directory);
      Path probe = temporary(directory.resolve("probe"));
      Files.createFile(probe);
      Files.delete(probe);
    } catch (IOException e) {
      throw unwritable("folder", directory, e);
    }
    return new OutputDirectory(
        directory, file -> Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), made);
  }

  /**
   * Removes the folders that {@link #at} created, unless they hold files. A failed run so leaves
   * nothing behind.
   */
  public void abandon() {
    for (int i = made.size() - 1; i >= 0; i--) {
      try {
        Files.deleteIfExists(made.get(i));
      } catch (IOException kept) {
        // It is not empty, or another process uses it. Its parents are not empty either.
        return;
      }
    }
  }

  /**
   * Writes a file and replaces an older one of the same name.
   *
   * @param name the file's name in this folder
   * @param content its bytes
   * @return the file
   * @throws UnwritableOutput if it cannot be written; an older file is then unchanged
   */
  public Path write(String name, byte[] content) {
    return write(name, out -> out.write(content));
  }

  /**
   * Writes a file and replaces an older one of the same name.
   *
   * @param name the file's name in this folder
   * @param content writes its bytes
   * @return the file
   * @throws UnwritableOutput if it cannot be written; an older file is then unchanged
   */
  public Path write(String name, Content content) {
    Path file = directory.resolve(name);
    Path temporary = temporary(file);
    try {
      try (OutputStream out = new BufferedOutputStream(opener.open(temporary), 1 << 16)) {
        content.writeTo(out);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      return file;
    } catch (IOException e) {
      throw unwritable("file", file, e);
    } finally {
      discard(temporary);
    }
  }

  private static Path temporary(Path file) {
    return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  /** Deletes the temporary file if it is still there. A failure here does not matter. */
  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException ignored) {
      // The user needs to see the first failure, not this one.
    }
  }

  static UnwritableOutput unwritable(String kind, Path path, IOException cause) {
    return new UnwritableOutput(
        "The output %s %s cannot be written: %s. No half-written file was left. %s"
            .formatted(
                kind,
                path,
                reason(cause),
                "Choose another place with --out, or make this" + " one writable."),
        cause);
  }

  static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof NoSuchFileException e) {
      return "its folder " + e.getFile() + " is not there";
    }
    if (cause instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
