// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds NVIDIA's driver library. Looking for the file is fast and loads nothing, so a machine
 * without a GPU loses no time.
 */
final class DriverLibrary {
  private static final List<String> LINUX_FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu/nvidia",
          "/usr/lib/aarch64-linux-gnu/tegra",
          "/usr/lib64",
          "/usr/lib",
          "/usr/lib/wsl/lib",
          "/usr/local/cuda/compat",
          "/usr/local/nvidia/lib64");

  private static final Path LINKER_CACHE = Path.of("/etc/ld.so.cache");

  private DriverLibrary() {}

  /** The library's file name on this system. */
  static String name() {
    return windows() ? "nvcuda.dll" : "libcuda.so.1";
  }

  private static boolean windows() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
  }

  /** The library's file, or null if the system's loader would not find it. */
  static Path find() {
    for (Path folder : folders()) {
      Path file = folder.resolve(name());
      if (Files.exists(file)) {
        return file;
      }
    }
    return inLinkerCache() ? Path.of(name()) : null;
  }

  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    String path = System.getenv(windows() ? "PATH" : "LD_LIBRARY_PATH");
    if (path != null) {
      for (String folder : path.split(windows() ? ";" : ":")) {
        try {
          if (!folder.isBlank()) {
            folders.add(Path.of(folder.strip()));
          }
        } catch (InvalidPathException e) {
          continue; // Not a valid path, such as a folder in quotes, which Windows allows here.
        }
      }
    }
    if (windows()) {
      folders.add(Path.of(System.getenv().getOrDefault("SystemRoot", "C:/Windows"), "System32"));
    } else {
      LINUX_FOLDERS.forEach(folder -> folders.add(Path.of(folder)));
    }
    return folders;
  }

  /**
   * Whether the library is in the system's linker cache, which holds names as plain bytes. This
   * finds folders that no other list names.
   */
  private static boolean inLinkerCache() {
    try {
      return Files.isRegularFile(LINKER_CACHE)
          && new String(Files.readAllBytes(LINKER_CACHE), StandardCharsets.ISO_8859_1)
              .contains("\0" + name() + "\0");
    } catch (IOException e) {
      return false; // A cache that cannot be read names no library.
    }
  }
}
