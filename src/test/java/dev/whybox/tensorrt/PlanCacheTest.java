// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.whybox.error.WhyboxException.EngineFailure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCacheTest {
  static {
    // Files are broken here on purpose; read once, when the logger is made.
    System.setProperty("org.slf4j.simpleLogger.log.dev.whybox.tensorrt.PlanCache", "off");
  }

  private static final CacheKey.Place PLACE = new CacheKey.Place("10.15.1", "RTX 4090", 89);
  private static final int HEADER = 46;

  @TempDir Path base;
  private Path folder;

  @BeforeEach
  void posix() {
    assumeTrue(base.getFileSystem().supportedFileAttributeViews().contains("posix"));
    folder = base.resolve("a/b/tensorrt");
  }

  private PlanCache cache() {
    return new PlanCache(folder, 1000);
  }

  private static CacheKey key(int number) {
    return CacheKey.plan(PLACE, new byte[] {(byte) number}, "batch 1 to 16");
  }

  private static byte[] bytes(int count, int seed) {
    byte[] result = new byte[count];
    for (int i = 0; i < count; i++) {
      result[i] = (byte) (31 * i + seed);
    }
    return result;
  }

  private Path file(CacheKey key) {
    return folder.resolve(key.fileName());
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  @Test
  void keepsWhatItWasGivenForTheUserAlone() throws IOException {
    assertNull(cache().read(key(0)));
    cache().write(key(0), bytes(100, 1));
    cache().write(key(1), bytes(1, 2));
    assertArrayEquals(bytes(100, 1), cache().read(key(0)));
    assertArrayEquals(bytes(1, 2), cache().read(key(1)));
    cache().write(key(0), bytes(10, 3));
    assertArrayEquals(bytes(10, 3), cache().read(key(0)));
    assertEquals(2, files());
    assertEquals(HEADER + 10, Files.size(file(key(0))));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file(key(0)))));
  }

  @Test
  void everythingThatMattersIsInTheKey() {
    byte[] onnx = {1, 2, 3};
    List<CacheKey> keys =
        List.of(
            CacheKey.plan(PLACE, onnx, "batch 1"),
            CacheKey.plan(PLACE, onnx, "batch 2"),
            CacheKey.plan(PLACE, new byte[] {1, 2, 4}, "batch 1"),
            CacheKey.plan(new CacheKey.Place("10.15.2", "RTX 4090", 89), onnx, "batch 1"),
            CacheKey.plan(new CacheKey.Place("10.15.1", "RTX 4080", 89), onnx, "batch 1"),
            CacheKey.plan(new CacheKey.Place("10.15.1", "RTX 4090", 86), onnx, "batch 1"),
            CacheKey.timing(PLACE));
    assertEquals(keys.size(), keys.stream().map(CacheKey::fileName).distinct().count());
    assertEquals(keys.get(0), CacheKey.plan(PLACE, onnx.clone(), "batch 1"));
  }

  @Test
  void everyDamagedByteIsFound() throws IOException {
    CacheKey key = key(0);
    cache().write(key, bytes(20, 0));
    byte[] good = Files.readAllBytes(file(key));
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 4;
      Files.write(file(key), bad);
      assertNull(cache().read(key), "byte " + i);
      Files.write(file(key), Arrays.copyOf(good, i));
      assertNull(cache().read(key), "cut at " + i);
    }
    Files.write(file(key), Arrays.copyOf(good, good.length + 1));
    assertNull(cache().read(key), "longer");
    Files.write(file(key), good);
    assertArrayEquals(bytes(20, 0), cache().read(key));
    // The same bytes under another key's name are not the plan of that key.
    Files.copy(file(key), file(key(1)));
    assertNull(cache().read(key(1)));
    cache().write(key(1), bytes(20, 9));
    assertArrayEquals(bytes(20, 9), cache().read(key(1)), "replaced");
  }

  @Test
  void whatOthersCouldHaveWrittenIsRefused() throws IOException {
    CacheKey key = key(0);
    cache().write(key, bytes(20, 0));
    for (String permissions : List.of("rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(file(key), PosixFilePermissions.fromString(permissions));
      assertNull(cache().read(key), permissions);
    }
    Files.setPosixFilePermissions(file(key), PosixFilePermissions.fromString("rw-r--r--"));
    assertArrayEquals(bytes(20, 0), cache().read(key));
    Path elsewhere = base.resolve("elsewhere");
    Files.move(file(key), elsewhere);
    Files.createSymbolicLink(file(key), elsewhere);
    assertNull(cache().read(key), "a link");
    cache().write(key, bytes(20, 1));
    assertArrayEquals(bytes(20, 1), cache().read(key));
    assertEquals(HEADER + 20, Files.size(elsewhere), "what it led to is untouched");
    Files.delete(file(key));
    Files.createDirectory(file(key));
    assertNull(cache().read(key), "a folder");
  }

  @Test
  void foreignFilesAreRefused() throws IOException {
    CacheKey key = key(0);
    PlanCache cache = cache();
    cache.write(key, bytes(20, 0));
    assumeTrue(give(file(key)), "only root can give files away");
    assertNull(cache.read(key));
    cache.write(key, bytes(20, 1));
    assertArrayEquals(bytes(20, 1), cache.read(key), "replaced by the user's own");
    assumeTrue(give(folder));
    EngineFailure error = assertThrows(EngineFailure.class, this::cache);
    assertTrue(error.getMessage().contains("belongs to nobody"), error.getMessage());
    cache.write(key, bytes(20, 2));
    assertArrayEquals(bytes(20, 1), cache.read(key), "nothing is written there any more");
  }

  private static boolean give(Path file) throws IOException {
    try {
      UserPrincipal nobody =
          file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
      Files.setOwner(file, nobody);
      return true;
    } catch (FileSystemException | java.nio.file.attribute.UserPrincipalNotFoundException e) {
      return false;
    }
  }

  @Test
  void aFolderThatOthersMayWriteToIsRefused() throws IOException {
    cache();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    EngineFailure error = assertThrows(EngineFailure.class, this::cache);
    assertTrue(error.getMessage().contains("rwxrwxrwx"), error.getMessage());
    assertTrue(error.getMessage().contains("WHYBOX_CACHE"), error.getMessage());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    cache();
  }

  /** What was built in the meantime can be used, so that is no error. */
  @Test
  void nothingIsKeptInAFolderThatOthersMayWriteToByNow() throws IOException {
    PlanCache cache = cache();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    cache.write(key(0), bytes(20, 0));
    assertEquals(0, files());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    cache.write(key(0), bytes(20, 0));
    assertArrayEquals(bytes(20, 0), cache.read(key(0)));
  }

  @Test
  void aFileInTheFoldersPlaceIsAnError() throws IOException {
    Files.createDirectories(folder.getParent());
    Files.writeString(folder, "a file");
    EngineFailure error = assertThrows(EngineFailure.class, this::cache);
    assertTrue(error.getMessage().contains(folder.toString()), error.getMessage());
    assertEquals("a file", Files.readString(folder));
  }

  @Test
  void theLongestUnusedGoesWhereRoomIsNeeded() throws IOException {
    PlanCache cache = cache();
    for (int i = 0; i < 4; i++) {
      cache.write(key(i), bytes(200, i));
      age(file(key(i)), Duration.ofMinutes(40 - i));
    }
    assertEquals(4, files());
    Files.writeString(folder.resolve("note.txt"), "x".repeat(2000));
    assertArrayEquals(bytes(200, 0), cache.read(key(0)), "which makes it the last used");
    cache.write(key(4), bytes(200, 4));
    assertNull(cache.read(key(1)), "the oldest now");
    for (int i : new int[] {0, 2, 3, 4}) {
      assertArrayEquals(bytes(200, i), cache.read(key(i)), "" + i);
    }
    cache.write(key(2), bytes(190, 9));
    assertEquals(5, files(), "its own predecessor does not count");
    cache.write(key(5), bytes(1000 - HEADER, 5));
    assertArrayEquals(bytes(1000 - HEADER, 5), cache.read(key(5)));
    assertEquals(2, files(), "one file fills the cache; foreign files stay");
    cache.write(key(6), bytes(1000 - HEADER + 1, 6));
    assertNull(cache.read(key(6)), "too large for the whole cache");
    assertArrayEquals(bytes(1000 - HEADER, 5), cache.read(key(5)));
  }

  private static void age(Path file, Duration by) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(by)));
  }

  @Test
  void abandonedPartsGoAndFreshOnesStay() throws IOException {
    PlanCache cache = cache();
    Path old = Files.writeString(folder.resolve("plan1.part"), "half");
    Path fresh = Files.writeString(folder.resolve("plan2.part"), "half");
    age(old, Duration.ofDays(2));
    cache.write(key(0), bytes(3, 0));
    assertTrue(Files.notExists(old));
    assertTrue(Files.exists(fresh), "another process may be writing it");
  }

  @Test
  void whatCannotBeKeptIsNoError() throws IOException {
    PlanCache cache = cache();
    CacheKey key = key(0);
    Files.createDirectories(file(key).resolve("not empty"));
    cache.write(key, bytes(3, 0));
    assertNull(cache.read(key));
    assertEquals(1, files(), "no part is left");
  }

  @Test
  void manyAtOnceSeeWholeFilesOnly() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> work =
          IntStream.range(0, 40)
              .<Callable<Void>>mapToObj(
                  i ->
                      () -> {
                        PlanCache cache = cache();
                        cache.write(key(i % 2), bytes(100 + i % 2, i % 2));
                        for (int k = 0; k < 2; k++) {
                          byte[] found = cache.read(key(k));
                          if (found != null) {
                            assertArrayEquals(bytes(100 + k, k), found);
                          }
                        }
                        return null;
                      })
              .toList();
      for (Future<Void> each : threads.invokeAll(work)) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(2, files());
  }

  @Test
  void theUsualFolder() {
    Path home = Path.of("/home/ann");
    assertEquals(
        home.resolve(".cache/whybox/tensorrt"), PlanCache.usualFolder(Map.of(), home), "plain");
    assertEquals(
        Path.of("/scratch/whybox/tensorrt"),
        PlanCache.usualFolder(Map.of("XDG_CACHE_HOME", "/scratch"), home));
    assertEquals(
        home.resolve(".cache/whybox/tensorrt"),
        PlanCache.usualFolder(Map.of("XDG_CACHE_HOME", "relative"), home));
    Map<String, String> named = Map.of("WHYBOX_CACHE", "/mine", "XDG_CACHE_HOME", "/scratch");
    assertEquals(Path.of("/mine"), PlanCache.usualFolder(named, home));
    assertNotEquals(key(0), key(1));
  }
}
