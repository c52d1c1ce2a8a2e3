// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import com.drew.imaging.FileType;
import dev.whybox.error.WhyboxException.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Walks the chunks of a PNG (ISO/IEC 15948) to its end without decompressing any. */
final class PngChunks {
  private static final int SIGNATURE_BYTES = 8;
  private static final int FRAME_BYTES = 12;
  private static final int IHDR = 0x49484452;
  private static final int IEND = 0x49454E44;
  private static final int EXIF = 0x65584966;

  private PngChunks() {}

  static ImageHeader header(byte[] bytes, String name) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int width = 0;
    int height = 0;
    int orientation = 1;
    long at = SIGNATURE_BYTES;
    while (true) {
      if (at + FRAME_BYTES > bytes.length) {
        throw ImageHeader.cutOff(name, bytes.length);
      }
      int chunk = (int) at;
      int length = buffer.getInt(chunk);
      int type = buffer.getInt(chunk + 4);
      boolean first = chunk == SIGNATURE_BYTES;
      if (length < 0 || first != (type == IHDR) || first && length != 13) {
        throw new UnreadableImage(
            name
                + " is a broken PNG: it must begin with one header of 13 bytes, but has a chunk "
                + String.format("%08x of %d bytes at byte %d", type, length & 0xFFFFFFFFL, chunk)
                + ". Save the image anew.");
      }
      at += FRAME_BYTES + (long) length;
      if (at > bytes.length) {
        throw ImageHeader.cutOff(name, bytes.length);
      }
      int data = chunk + 8;
      if (type == IHDR) {
        width = buffer.getInt(data);
        height = buffer.getInt(data + 4);
      } else if (type == EXIF) {
        byte[] exif = Arrays.copyOfRange(bytes, data, data + length);
        orientation = ImageHeader.orientation(exif);
      } else if (type == IEND) {
        return new ImageHeader(FileType.Png, width, height, orientation);
      }
    }
  }
}
