// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.drew.imaging.FileType;
import dev.whybox.error.WhyboxException.UnreadableImage;
import java.util.Arrays;

/**
 * Walks the markers of a JPEG (ITU-T T.81, annex B) to its end. A decoder fills missing parts with
 * gray and reports nothing, so only this walk finds a file that is cut off.
 */
final class JpegMarkers {
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int APP1 = 0xE1;
  private static final byte[] EXIF = "Exif\0\0".getBytes(US_ASCII);

  private JpegMarkers() {}

  static ImageHeader header(byte[] bytes, String name) {
    int width = 0;
    int height = 0;
    int orientation = 0;
    int at = 0;
    while (true) {
      // Anything but a marker is entropy-coded data or stray bytes. Decoders skip it too.
      while (at < bytes.length && bytes[at] != (byte) 0xFF) {
        at++;
      }
      while (at < bytes.length && bytes[at] == (byte) 0xFF) {
        at++;
      }
      if (at >= bytes.length) {
        throw ImageHeader.cutOff(name, bytes.length);
      }
      int marker = bytes[at++] & 0xFF;
      if (marker == EOI) {
        break;
      }
      if (standsAlone(marker)) {
        continue;
      }
      if (at + 2 > bytes.length) {
        throw ImageHeader.cutOff(name, bytes.length);
      }
      int length = word(bytes, at);
      if (length < 2) {
        throw new UnreadableImage(
            name + " is a broken JPEG: a segment of " + length + " bytes. Save the image anew.");
      }
      if (at + length > bytes.length) {
        throw ImageHeader.cutOff(name, bytes.length);
      }
      if (isFrame(marker) && width == 0 && length >= 7) {
        height = word(bytes, at + 3);
        width = word(bytes, at + 5);
      } else if (marker == APP1 && orientation == 0 && isExif(bytes, at + 2, at + length)) {
        orientation = exif(bytes, at + 2 + EXIF.length, at + length);
      }
      at += length;
    }
    return new ImageHeader(FileType.Jpeg, width, height, Math.max(orientation, 1));
  }

  /**
   * Markers without a length field: stuffing (00), TEM (01), restarts (D0 to D7), start of image.
   */
  private static boolean standsAlone(int marker) {
    return marker <= 0x01 || marker >= 0xD0 && marker <= SOI;
  }

  /** Frame headers are SOF0 to SOF15. C4, C8 and CC in between are tables or reserved. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static boolean isExif(byte[] bytes, int from, int to) {
    return to - from > EXIF.length
        && Arrays.equals(bytes, from, from + EXIF.length, EXIF, 0, EXIF.length);
  }

  private static int exif(byte[] bytes, int from, int to) {
    return ImageHeader.orientation(Arrays.copyOfRange(bytes, from, to));
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }
}
