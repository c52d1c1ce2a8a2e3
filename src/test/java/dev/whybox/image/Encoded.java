// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Image files of every kind, made in memory. */
final class Encoded {
  private Encoded() {}

  static byte[] imageIo(BufferedImage picture, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(picture, format, out));
    return out.toByteArray();
  }

  /** A baseline or progressive JPEG. */
  static byte[] jpeg(BufferedImage picture, boolean progressive) throws IOException {
    return jpeg(new IIOImage(picture, null, null), progressive);
  }

  /** Four bands become a JPEG of four components without a colour transform. */
  static byte[] jpeg(WritableRaster raster) throws IOException {
    return jpeg(new IIOImage(raster, null, null), false);
  }

  private static byte[] jpeg(IIOImage picture, boolean progressive) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (progressive) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.write(null, picture, param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** What OpenCV writes, with parameters as pairs of a key and a value. */
  static byte[] openCv(Image image, String extension, int... parameters) {
    try (Mat mat = Mats.of(image);
        BytePointer out = new BytePointer();
        IntPointer pairs = new IntPointer(parameters)) {
      cvtColor(mat, mat, COLOR_RGB2BGR);
      assertTrue(imencode(extension, mat, out, pairs));
      byte[] bytes = new byte[(int) out.limit()];
      out.get(bytes);
      return bytes;
    }
  }

  /** A JPEG with one more segment after its first marker. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] data) {
    return ByteBuffer.allocate(jpeg.length + 4 + data.length)
        .put(jpeg, 0, 2)
        .put((byte) 0xFF)
        .put((byte) marker)
        .putShort((short) (data.length + 2))
        .put(data)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  static byte[] exifSegment(int orientation) {
    byte[] tiff = exif(orientation);
    return ByteBuffer.allocate(6 + tiff.length)
        .put("Exif\0\0".getBytes(ISO_8859_1))
        .put(tiff)
        .array();
  }

  /** A simple WebP file made an extended one, which can hold EXIF. */
  static byte[] withExif(byte[] webp, int width, int height, byte[] exif) {
    int pixels = webp.length - 12;
    ByteBuffer buffer =
        ByteBuffer.allocate(12 + 18 + pixels + 8 + exif.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put("RIFF".getBytes(ISO_8859_1)).putInt(buffer.capacity() - 8);
    buffer.put("WEBPVP8X".getBytes(ISO_8859_1)).putInt(10).putInt(8);
    // Two sizes of 24 bits, each less one; both are below 256 here.
    buffer.put((byte) (width - 1)).putShort((short) 0);
    buffer.put((byte) (height - 1)).putShort((short) 0);
    buffer.put(webp, 12, pixels).put("EXIF".getBytes(ISO_8859_1)).putInt(exif.length).put(exif);
    return buffer.array();
  }

  /** A TIFF structure whose only entry is the orientation. */
  static byte[] exif(int orientation) {
    ByteBuffer buffer = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put("II".getBytes(ISO_8859_1)).putShort((short) 42).putInt(8);
    entry(buffer.putShort((short) 1), 0x112, 3, orientation);
    return buffer.putInt(0).array();
  }

  /** An uncompressed 8-bit RGB TIFF with an orientation. */
  static byte[] tiff(int width, int height, byte[] rgb, int orientation) {
    ByteBuffer buffer = ByteBuffer.allocate(8 + 2 + 10 * 12 + 4 + rgb.length + 6);
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    buffer.put("II".getBytes(ISO_8859_1)).putShort((short) 42).putInt(8).putShort((short) 10);
    entry(buffer, 0x100, 3, width);
    entry(buffer, 0x101, 3, height);
    int data = 8 + 2 + 10 * 12 + 4;
    buffer.putShort((short) 0x102).putShort((short) 3).putInt(3).putInt(data + rgb.length);
    entry(buffer, 0x103, 3, 1);
    entry(buffer, 0x106, 3, 2);
    entry(buffer, 0x111, 4, data);
    entry(buffer, 0x112, 3, orientation);
    entry(buffer, 0x115, 3, 3);
    entry(buffer, 0x116, 3, height);
    entry(buffer, 0x117, 4, rgb.length);
    buffer.putInt(0).put(rgb).putShort((short) 8).putShort((short) 8).putShort((short) 8);
    return buffer.array();
  }

  private static void entry(ByteBuffer buffer, int tag, int type, int value) {
    buffer.putShort((short) tag).putShort((short) type).putInt(1).putInt(value);
  }

  /**
   * A PNG.
   *
   * @param rows the samples, with the filter's byte (0) before each row
   * @param chunks more chunks, before the pixels
   */
  static byte[] png(int width, int height, int depth, int colour, byte[] rows, byte[]... chunks)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colour)
            .array();
    out.write(chunk("IHDR", header));
    for (byte[] chunk : chunks) {
      out.write(chunk);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      deflater.write(rows);
    }
    out.write(chunk("IDAT", packed.toByteArray()));
    out.write(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  static byte[] chunk(String type, byte[] data) {
    CRC32 crc = new CRC32();
    crc.update(type.getBytes(ISO_8859_1));
    crc.update(data);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(type.getBytes(ISO_8859_1))
        .put(data)
        .putInt((int) crc.getValue())
        .array();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
