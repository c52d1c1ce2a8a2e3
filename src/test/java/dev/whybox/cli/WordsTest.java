// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.image.Box;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/** The small languages of the options. */
class WordsTest {
  private static final List<String> NAMES =
      List.of("person", "bicycle", "car", "motorcycle", "traffic light", "cat", "dog", "7");

  @Test
  void durations() {
    DurationConverter converter = new DurationConverter();
    assertEquals(Duration.ofMillis(500), converter.convert("500ms"));
    assertEquals(Duration.ofSeconds(2), converter.convert("2s"));
    assertEquals(Duration.ofMillis(1500), converter.convert("1.5s"));
    assertEquals(Duration.ofMinutes(1), converter.convert("1m"));
    assertEquals(Duration.ofHours(3), converter.convert("3h"));
    for (String wrong : List.of("", "5", "s", "-1s", "1 s", "1d", "99999999999s", "999999999h")) {
      assertThrows(TypeConversionException.class, () -> converter.convert(wrong), wrong);
    }
  }

  @Test
  void targets() {
    TargetChoice.Converter converter = new TargetChoice.Converter();
    assertEquals(new TargetChoice.All(), converter.convert("all"));
    assertEquals(new TargetChoice.Best(), converter.convert("BEST"));
    assertEquals(new TargetChoice.Numbered(12), converter.convert("12"));
    assertEquals(
        new TargetChoice.Asked(new Box(1, 2.5f, 30, 40), "traffic light"),
        converter.convert("1, 2.5,30,40, traffic light"));
    assertEquals(
        new TargetChoice.Asked(new Box(1, 2, 3, 4), "a,b"), converter.convert("1,2,3,4,a,b"));
    for (String wrong :
        List.of("", "-1", "1,2,3,4", "1,2,3,4,", "a,2,3,4,cat", "NaN,2,3,4,cat", "99999999999")) {
      assertThrows(TypeConversionException.class, () -> converter.convert(wrong), wrong);
    }
  }

  @Test
  void classesByNameBeforeNumber() {
    assertEquals(5, ClassChoice.number("cat", NAMES));
    assertEquals(4, ClassChoice.number("Traffic Light", NAMES));
    assertEquals(2, ClassChoice.number("2", NAMES));
    assertEquals(7, ClassChoice.number("7", NAMES), "the class that is called 7");
  }

  @Test
  void unknownClassesListTheNearest() {
    BadTarget e = assertThrows(BadTarget.class, () -> ClassChoice.number("motorbike", NAMES));
    assertTrue(e.getMessage().contains("'motorbike'"), e.getMessage());
    assertTrue(e.getMessage().contains("motorcycle"), e.getMessage());
    assertEquals("person", Nearest.of("persno", NAMES).get(0));
    assertEquals("traffic light", Nearest.of("light", NAMES).get(0));
    assertEquals(List.of(), Nearest.of("zebra", NAMES));
    e = assertThrows(BadTarget.class, () -> ClassChoice.number("zebra", NAMES));
    assertTrue(e.getMessage().contains("They are person, bicycle, "), e.getMessage());
    List<String> many = IntStream.range(0, 13).mapToObj(i -> "c" + i).toList();
    e = assertThrows(BadTarget.class, () -> ClassChoice.number("zebra", many));
    assertTrue(e.getMessage().contains("The first are c0, c1, c2, c3, c4; "), e.getMessage());
    assertTrue(e.getMessage().contains("`whybox inspect MODEL --json -`"), e.getMessage());
    assertThrows(BadTarget.class, () -> ClassChoice.number("8", NAMES));
    assertThrows(BadTarget.class, () -> ClassChoice.number("-1", NAMES));
    e = assertThrows(BadTarget.class, () -> ClassChoice.number("x", List.of("a", "b")));
    assertTrue(e.getMessage().contains("They are a, b."), e.getMessage());
  }

  @Test
  void stemsAreUnique() {
    assertEquals(
        List.of("a", "a-2", "b.c", "A-3", "a-2-2", ".x", "a-4"),
        Stems.of(
            Stream.of("p/a.jpg", "q/a.png", "b.c.png", "A.png", "a-2.jpg", ".x", "a")
                .map(Path::of)
                .toList()));
  }
}
