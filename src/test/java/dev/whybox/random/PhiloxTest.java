// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhiloxTest {

  /** Random123, tests/kat_vectors: counter, key, words. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000 00000000 00000000 00000000 00000000 00000000"
            + " 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff"
            + " 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0"
            + " d16cfe09 94fdcceb 5001e420 24126ea1",
      })
  void knownAnswers(String line) {
    int[] words =
        Arrays.stream(line.split(" ")).mapToInt(w -> Integer.parseUnsignedInt(w, 16)).toArray();
    int[] counter = Arrays.copyOf(words, 4);
    Philox.encrypt(counter, words[4], words[5]);
    assertArrayEquals(Arrays.copyOfRange(words, 6, 10), counter);
  }

  @Test
  void keyAndCounterAreSeedAndSample() {
    Philox philox = new Philox(0x299f31d0_a4093822L, 0x03707344);
    philox.seek(0x85a308d3_243f6a88L);
    int[] expected = new int[8];
    for (int block = 0; block < 2; block++) {
      int[] counter = {0x243f6a88, 0x85a308d3, block, 0x03707344};
      Philox.encrypt(counter, 0xa4093822, 0x299f31d0);
      System.arraycopy(counter, 0, expected, 4 * block, 4);
    }
    assertArrayEquals(expected, draw(philox, 8));
  }

  @Test
  void seekGivesTheSameWordsAgain() {
    Philox philox = new Philox(42, 1);
    philox.seek(7);
    int[] first = draw(philox, 9);
    philox.seek(8);
    int[] other = draw(philox, 9);
    philox.seek(7);
    assertArrayEquals(first, draw(philox, 9));
    assertTrue(!Arrays.equals(first, other));
    Philox otherStream = new Philox(42, 2);
    otherStream.seek(7);
    assertTrue(!Arrays.equals(first, draw(otherStream, 9)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 1000})
  void belowIsUniformInItsRange(int bound) {
    Philox philox = new Philox(3, 0);
    int draws = 200 * bound;
    int[] counts = new int[bound];
    for (int i = 0; i < draws; i++) {
      counts[philox.below(bound)]++;
    }
    // Chi-square has mean bound − 1 and variance 2 (bound − 1); five deviations are allowed.
    double chi = 0;
    for (int count : counts) {
      chi += (count - 200.0) * (count - 200.0) / 200;
    }
    assertEquals(bound - 1, chi, 5 * Math.sqrt(2.0 * (bound - 1)) + 1e-9);
  }

  @Test
  void belowTakesTheHighWordOfTheProduct() {
    Philox words = new Philox(9, 4);
    Philox numbers = new Philox(9, 4);
    for (int i = 0; i < 100; i++) {
      long word = Integer.toUnsignedLong(words.next());
      assertEquals(word * Integer.MAX_VALUE >>> 32, numbers.below(Integer.MAX_VALUE));
    }
  }

  private static int[] draw(Philox philox, int count) {
    int[] words = new int[count];
    Arrays.setAll(words, i -> philox.next());
    return words;
  }
}
