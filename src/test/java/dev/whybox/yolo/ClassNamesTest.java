// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassNamesTest {

  @Test
  void readsPythonAndJson() {
    assertEquals(List.of("person", "cat"), ClassNames.parse("{0: 'person', 1: 'cat'}"));
    assertEquals(List.of("a", "b"), ClassNames.parse("{\"1\":\"b\", \"0\":\"a\"}"));
  }

  @Test
  void readsQuotesAndEscapes() {
    assertEquals(
        List.of("driver's seat", "it's", "two: 2, {x}", "naïve"),
        ClassNames.parse("{0: \"driver's seat\", 1: 'it\\'s', 2: 'two: 2, {x}', 3: 'na\\xefve'}"));
  }

  @Test
  void refusesGapsAndNonsense() {
    assertEquals(List.of(), ClassNames.parse("{0: 'a', 2: 'c'}"));
    assertEquals(List.of(), ClassNames.parse("whatever"));
    assertEquals(List.of(), ClassNames.parse(null));
  }
}
