// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassNamesTest {
  private static final List<String> TWO = List.of("person", "cat");

  private static void assertReads(List<String> names, String text) {
    ClassNames.Found found = ClassNames.read(text);
    assertNull(found.problem(), text);
    assertEquals(names, found.names(), text);
  }

  @Test
  void readsDictionaries() {
    assertReads(TWO, "{0: 'person', 1: 'cat'}");
    assertReads(TWO, "{\"1\":\"cat\", \"0\":\"person\"}");
    assertReads(TWO, " {\n  \"0\" : \"person\",\r\n  \"1\" : \"cat\"\n}\n");
    assertReads(TWO, "{0: u'person', 1: b'cat',}");
    assertReads(TWO, "{0: person, 1: cat}");
    assertReads(TWO, "{'person': 0, 'cat': 1}");
    assertReads(TWO, "{\"cat\": 1, \"person\": 0}");
    assertReads(List.of("7", "10"), "{0: 7, 1: 10}");
    assertReads(List.of(), "{}");
  }

  @Test
  void readsLists() {
    assertReads(TWO, "['person', 'cat']");
    assertReads(TWO, "[\"person\",\"cat\"]");
    assertReads(TWO, "('person', 'cat')");
    assertReads(List.of("one"), "('one',)");
    assertReads(List.of("traffic light", "2"), "[traffic light, 2]");
    assertReads(List.of(), "[]");
  }

  @Test
  void readsQuotesAndEscapes() {
    assertReads(
        List.of("driver's seat", "it's", "two: 2, {x}", "naïve"),
        "{0: \"driver's seat\", 1: 'it\\'s', 2: 'two: 2, {x}', 3: 'na\\xefve'}");
    assertReads(
        List.of("a\nb", "c\\d", "Ärger", "😀", "😀", "S", "\\q", "\\xg1", "/"),
        "['a\\nb', 'c\\\\d', '\\u00c4rger', '\\ud83d\\ude00', '\\U0001F600', '\\123', '\\q',"
            + " '\\xg1', '\\/']");
    assertReads(List.of("車", "😀"), "{0: '車', 1: '😀'}");
  }

  /** What Jackson writes is read as Jackson reads it. */
  @Test
  void readsWhatAnotherWriterWrites() throws JsonProcessingException {
    List<String> names =
        List.of(
            "", " ", "a'b", "a\"b", "\\", "{[(", "a, b: c]", "\t\n\b\f", "ü 車 😀", "0", "\u0001");
    Map<String, String> numbered = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      numbered.put(String.valueOf(i), names.get(i));
    }
    ObjectMapper plain = new ObjectMapper();
    ObjectMapper ascii =
        JsonMapper.builder()
            .enable(com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
    for (ObjectMapper writer : List.of(plain, ascii)) {
      assertReads(names, writer.writeValueAsString(names));
      assertReads(names, writer.writerWithDefaultPrettyPrinter().writeValueAsString(numbered));
    }
  }

  @Test
  void namesOfAnyLengthNeedNoStack() {
    String name = "x\\'".repeat(1_000_000);
    assertReads(List.of("x'".repeat(1_000_000)), "{0: '" + name + "'}");
    assertTrue(ClassNames.read("[".repeat(1_000_000)).problem() != null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{0: 'a', 2: 'c'} | none for the number 1",
        "{1: 'a', 2: 'b'} | none for the number 0",
        "{0: 'a', 0: 'b'} | stands twice",
        "{99999999999: 'x'} | no number of a class",
        "{'a': 'b'} | \"a\" is no number",
        "{-1: 'a'} | \"-1\" is no number",
        "whatever | a dictionary or a list is needed",
        "{0: 'a' | the end stands where",
        "{0: 'a | no closing quote",
        "{0 'a'} | where \":\" is needed",
        "[['a']] | where a name or a number is needed",
        "{0: 'a'} x | follows its end",
      })
  void saysWhyThereAreNone(String text, String reason) {
    ClassNames.Found found = ClassNames.read(text);
    assertEquals(List.of(), found.names());
    assertTrue(found.problem().contains(reason), found.problem());
    assertEquals(List.of(), ClassNames.parse(text));
  }

  @Test
  void noTextIsNoProblem() {
    assertReads(List.of(), null);
    assertReads(List.of(), " ");
  }
}
