// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import dev.whybox.error.WhyboxException.EngineFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps plans between runs, since building one takes minutes. A plan is code that is executed, so
 * the folder must belong to the user alone. A file is used only if it belongs to the user, nobody
 * else may write to it, and its digest is correct. Any other file is built again and replaced.
 *
 * <p>A file appears complete or not at all, so several processes may share the folder. If the
 * folder would grow beyond its limit, the files that were not used for the longest time are
 * deleted.
 */
final class PlanCache {
  /** The environment variable that names the folder. */
  static final String VARIABLE = "WHYBOX_CACHE";

  /** Room for dozens of plans of small detectors, or a few plans of the largest. */
  static final long MAX_BYTES = 4L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(PlanCache.class);
  private static final byte[] MAGIC = "whybox-plan-1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;
  private static final int HEADER = MAGIC.length + DIGEST;
  private static final String PART = ".part";
  private static final Duration ABANDONED = Duration.ofDays(1);
  private static final Set<PosixFilePermission> USER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** The permissions that nobody but the user may have. */
  private static final Set<PosixFilePermission> WRITERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path folder;
  private final long limit;
  private final UserPrincipal user;

  /**
   * Opens a cache.
   *
   * @param folder the folder; if it does not exist, it is created for the user alone
   * @param limit the largest total size of all files in bytes
   * @throws EngineFailure if the folder belongs to somebody else, or if others may write to it
   */
  PlanCache(Path folder, long limit) {
    this.folder = folder;
    this.limit = limit;
    try {
      make(folder);
      // The user of this process is the owner of the files it creates.
      Path probe = Files.createTempFile(folder, "probe", PART);
      try {
        this.user = Files.getOwner(probe);
      } finally {
        Files.delete(probe);
      }
      requireOwn();
    } catch (IOException e) {
      throw unusable("it cannot be written to (" + e + ")", e);
    }
  }

  /** The folder that the environment names, or the system's usual folder for caches. */
  static Path usualFolder(Map<String, String> environment, Path home) {
    String named = environment.get(VARIABLE);
    if (named != null && !named.isBlank()) {
      return Path.of(named);
    }
    // The XDG base directory specification says to ignore relative paths.
    String caches = environment.get("XDG_CACHE_HOME");
    boolean absolute = caches != null && Path.of(caches).isAbsolute();
    Path base = absolute ? Path.of(caches) : home.resolve(".cache");
    return base.resolve("whybox").resolve("tensorrt");
  }

  private static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.toAbsolutePath().getParent() != null) {
      Files.createDirectories(folder.toAbsolutePath().getParent());
    }
    try {
      if (posix(folder.toAbsolutePath().getParent())) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(USER_ONLY));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e; // Otherwise another process has created it in the meantime.
      }
    }
  }

  private static boolean posix(Path place) throws IOException {
    FileStore store = Files.getFileStore(place);
    return store.supportsFileAttributeView(PosixFileAttributeView.class);
  }

  private void requireOwn() throws IOException {
    UserPrincipal owner = Files.getOwner(folder);
    if (!owner.equals(user)) {
      throw unusable("it belongs to " + owner.getName() + ", not to " + user.getName(), null);
    }
    if (posix(folder)) {
      Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(folder);
      if (allowed.stream().anyMatch(WRITERS::contains)) {
        throw unusable(
            "others may write to it (" + PosixFilePermissions.toString(allowed) + ")", null);
      }
    }
  }

  private EngineFailure unusable(String why, Exception cause) {
    return new EngineFailure(
        "The folder for TensorRT plans, "
            + folder
            + ", cannot be used: "
            + why
            + ". Plans are executed, so it must be yours alone: chmod 700, or name another folder"
            + " with the variable "
            + VARIABLE
            + ".",
        cause);
  }

  /**
   * Reads a file from the cache.
   *
   * @param key the file's key
   * @return its content, or null if there is none that can be trusted
   */
  byte[] read(CacheKey key) {
    Path file = folder.resolve(key.fileName());
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    try {
      String problem = problem(file);
      byte[] content = null;
      if (problem == null) {
        content = content(key, Files.readAllBytes(file));
        problem = content == null ? "it is damaged, or belongs to another key" : null;
      }
      if (problem != null) {
        LOG.warn("{} is not used, but built again: {}", file, problem);
        return null;
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return content;
    } catch (IOException | OutOfMemoryError e) {
      LOG.warn("{} is not used, but built again: {}", file, e.toString());
      return null;
    }
  }

  /** The reason why a file cannot be trusted, or null. */
  private String problem(Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      return "it is a link or a folder";
    }
    UserPrincipal owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(user)) {
      return "it belongs to " + owner.getName();
    }
    if (posix(file)
        && Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).stream()
            .anyMatch(WRITERS::contains)) {
      return "others may write to it";
    }
    if (attributes.size() > Math.min(limit, Integer.MAX_VALUE - 8)) {
      return "it has " + attributes.size() + " bytes";
    }
    return null;
  }

  private static byte[] content(CacheKey key, byte[] file) {
    if (file.length <= HEADER) {
      return null;
    }
    byte[] magic = new byte[MAGIC.length];
    byte[] digest = new byte[DIGEST];
    byte[] content = new byte[file.length - HEADER];
    ByteBuffer.wrap(file).get(magic).get(digest).get(content);
    return MessageDigest.isEqual(magic, MAGIC) && MessageDigest.isEqual(digest, key.digest(content))
        ? content
        : null;
  }

  /**
   * Writes a file to the cache. If that fails, or if the folder no longer belongs to the user
   * alone, the log says so; the content can still be used in this run.
   *
   * @param key the file's key
   * @param content at least one byte
   */
  void write(CacheKey key, byte[] content) {
    long bytes = HEADER + (long) content.length;
    if (bytes > limit) {
      LOG.warn("A {} of {} bytes is not kept: the limit is {}", key.kind(), bytes, limit);
      return;
    }
    Path file = folder.resolve(key.fileName());
    try {
      requireOwn();
      makeRoom(file, bytes);
      // createTempFile makes a file that only the user can read.
      Path part = Files.createTempFile(folder, key.kind(), PART);
      try {
        try (var out = Files.newOutputStream(part)) {
          out.write(MAGIC);
          out.write(key.digest(content));
          out.write(content);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException | UncheckedIOException | EngineFailure e) {
      LOG.warn("{} cannot be kept, and will be built again: {}", file, e.toString());
    }
  }

  private record Kept(Path file, long bytes, Instant used) {}

  /**
   * Deletes the files that were not used for the longest time, and unfinished files of processes
   * that have ended.
   */
  private void makeRoom(Path except, long wanted) throws IOException {
    List<Kept> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        BasicFileAttributes attributes;
        try {
          attributes =
              Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
          continue; // Another process has deleted it in the meantime.
        }
        Instant used = attributes.lastModifiedTime().toInstant();
        String name = file.getFileName().toString();
        if (name.endsWith(PART)) {
          if (used.isBefore(Instant.now().minus(ABANDONED))) {
            Files.deleteIfExists(file);
          }
        } else if (attributes.isRegularFile()
            && (name.endsWith(".plan") || name.endsWith(".timing"))
            && !file.equals(except)) {
          all.add(new Kept(file, attributes.size(), used));
        }
      }
    }
    long sum = wanted + all.stream().mapToLong(Kept::bytes).sum();
    all.sort(Comparator.comparing(Kept::used));
    for (Kept oldest : all) {
      if (sum <= limit) {
        break;
      }
      Files.deleteIfExists(oldest.file());
      sum -= oldest.bytes();
    }
  }
}
