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
 * A folder for results. A file appears whole or not at all: it is written beside its place under a
 * temporary name and then moved.
 */
public final class OutputDirectory {
  private final Path directory;
  private final Opener opener;

  /** The folders that were made, from the outermost to this one. */
  private final List<Path> made;

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything.
     *
     * @param out buffered; closed by the caller
     * @throws IOException where writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Opens a file that is not there yet. */
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
   * Opens a folder, creating it where it is not there, and makes sure that it can be written to:
   * better before the work than after it.
   *
   * @param directory the folder
   * @return the folder, ready
   * @throws UnwritableOutput where it cannot be created or written to
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
   * Removes the folders that were made for this one, where nothing was written into them: a run
   * that failed leaves nothing behind.
   */
  public void abandon() {
    for (int i = made.size() - 1; i >= 0; i--) {
      try {
        Files.deleteIfExists(made.get(i));
      } catch (IOException kept) {
        // Something is in it, or somebody keeps it; so are the ones around it.
        return;
      }
    }
  }

  /**
   * Writes a file, replacing one of the same name.
   *
   * @param name the file's name in this folder
   * @param content its bytes
   * @return the file
   * @throws UnwritableOutput where it cannot be written; an older file is then unchanged
   */
  public Path write(String name, byte[] content) {
    return write(name, out -> out.write(content));
  }

  /**
   * Writes a file, replacing one of the same name.
   *
   * @param name the file's name in this folder
   * @param content writes its bytes
   * @return the file
   * @throws UnwritableOutput where it cannot be written; an older file is then unchanged
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

  /** Of a moved file nothing is left to delete; of a failed one it is a matter of tidiness. */
  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException ignored) {
      // The reason of the failure itself is what the user needs to hear.
    }
  }

  static UnwritableOutput unwritable(String kind, Path path, IOException cause) {
    return new UnwritableOutput(
        "The output %s %s cannot be written: %s. Nothing half written was left. %s"
            .formatted(kind, path, reason(cause), "Choose another place with --out or free it."),
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
