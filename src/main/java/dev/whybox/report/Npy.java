// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.error.WhyboxException.BadArgument;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes NumPy's file format, version 1.0, as {@code numpy.lib.format} specifies it. */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** The data start at a multiple of this many bytes. */
  private static final int ALIGNMENT = 64;

  private static final int CHUNK = 1 << 14;

  private Npy() {}

  /**
   * Writes a map as {@code float32 [height, width]}, little-endian, row by row.
   *
   * @param out the stream to write to; left open
   * @param map {@code height × width} values, row by row
   * @param width columns
   * @param height rows
   * @throws IOException if writing fails
   * @throws BadArgument if the map's length is not width times height
   */
  public static void write(OutputStream out, float[] map, int width, int height)
      throws IOException {
    if (width < 0 || height < 0 || map.length != (long) width * height) {
      throw new BadArgument(
          "A map needs height × width values; found %d × %d with %d values."
              .formatted(height, width, map.length));
    }
    out.write(header(width, height));
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < map.length; done += CHUNK) {
      int count = Math.min(CHUNK, map.length - done);
      chunk.asFloatBuffer().put(map, done, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
    }
  }

  private static byte[] header(int width, int height) {
    String words =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + height + ", " + width + "), }";
    int unpadded = MAGIC.length + Short.BYTES + words.length() + 1;
    int size = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    String padded = words + " ".repeat(size - unpadded) + "\n";
    return ByteBuffer.allocate(size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) padded.length())
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .array();
  }
}
