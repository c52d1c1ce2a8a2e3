// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.explain.MethodKind;
import dev.whybox.image.Image;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example compiles as it stands, runs, and explains. */
class ReadmeTest {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final Path README =
      Path.of(System.getProperty("whybox.base", ".")).resolve("README.md");

  @TempDir Path folder;

  /** One row per method, in the order of the table, and no other. */
  @Test
  void theTableOfMethodsIsTheOneInTheCode() throws IOException {
    List<String> rows =
        Files.readAllLines(README).stream()
            .dropWhile(line -> !line.startsWith("| `--method`"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertEquals(Methods.ALL.kinds().stream().map(MethodKind::row).toList(), rows);
  }

  @Test
  void theExampleCompilesAndRuns() throws IOException, ReflectiveOperationException {
    Matcher matcher = EXAMPLE.matcher(Files.readString(README));
    assertTrue(matcher.find(), "an example in the README");
    Path source = Files.writeString(folder.resolve("Why.java"), matcher.group(1));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertNotNull(compiler, "a JDK");
    int failed =
        compiler.run(
            null,
            null,
            null,
            "-Xlint:all,-processing,-path",
            "-Werror",
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString(),
            source.toString());
    assertEquals(0, failed);
    Path picture = folder.resolve("why.png");
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      String[] arguments = {
        Samples.MODEL.toString(), Samples.all().get(0).image().toString(), picture.toString()
      };
      loader.loadClass("Why").getMethod("main", String[].class).invoke(null, (Object) arguments);
    }
    List<Integer> size = List.of(Image.read(picture).width(), Image.read(picture).height());
    assertTrue(size.get(0) >= 300 && size.get(1) >= 300, "a picture of " + size);
  }
}
