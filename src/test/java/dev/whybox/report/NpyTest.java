// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadArgument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NpyTest {
  @Test
  void everyByteOfASmallFileIsAsTheFormatSays() throws IOException {
    byte[] file = file(new float[] {1, -2, 0.5f, Float.NaN, 0, 3}, 3, 2);
    assertEquals(128 + 24, file.length);
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    assertArrayEquals(start, Arrays.copyOf(file, 10));
    String header = new String(file, 10, 118, StandardCharsets.US_ASCII);
    String words = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    assertEquals(words + " ".repeat(117 - words.length()) + "\n", header);
    byte[] first = {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, (byte) 0xC0};
    assertArrayEquals(first, Arrays.copyOfRange(file, 128, 136));
  }

  @Test
  void mapsLongerThanABufferComeBackBitForBit() throws IOException {
    for (int width : new int[] {1, 7, 129}) {
      int height = 40_000 / width;
      float[] map = new float[width * height];
      for (int i = 0; i < map.length; i++) {
        map[i] = Float.intBitsToFloat(i * 0x9E3779B1);
      }
      byte[] file = file(map, width, height);
      ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      int offset = 10 + (data.getShort(8) & 0xFFFF);
      assertEquals(0, offset % 64);
      assertEquals('\n', file[offset - 1]);
      assertTrue(
          new String(file, 0, offset, StandardCharsets.ISO_8859_1)
              .contains("'shape': (" + height + ", " + width + ")"));
      assertEquals(offset + 4 * map.length, file.length);
      for (int i = 0; i < map.length; i++) {
        assertEquals(Float.floatToRawIntBits(map[i]), data.getInt(offset + 4 * i));
      }
    }
  }

  @Test
  void sizesMustFit() {
    OutputStream out = OutputStream.nullOutputStream();
    assertThrows(BadArgument.class, () -> Npy.write(out, new float[5], 3, 2));
    assertThrows(BadArgument.class, () -> Npy.write(out, new float[0], 65536, 65536));
  }

  private static byte[] file(float[] map, int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, map, width, height);
    return out.toByteArray();
  }
}
