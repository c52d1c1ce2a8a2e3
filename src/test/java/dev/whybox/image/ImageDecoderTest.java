// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static dev.whybox.image.Encoded.bytes;
import static dev.whybox.image.Encoded.chunk;
import static dev.whybox.image.Encoded.exif;
import static dev.whybox.image.Encoded.exifSegment;
import static dev.whybox.image.Encoded.png;
import static dev.whybox.image.Encoded.withSegment;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final int WIDTH = 48;
  private static final int HEIGHT = 32;

  /** Red, green / blue, white. */
  private static int quadrant(int x, int y) {
    boolean left = x < WIDTH / 2;
    return y < HEIGHT / 2 ? (left ? 0xFF0000 : 0x00FF00) : (left ? 0x0000FF : 0xFFFFFF);
  }

  /** The picture as a camera with this orientation stores it; EXIF 2.3, tag 0x112. */
  private static BufferedImage stored(int orientation) {
    boolean turned = orientation > 4;
    int width = turned ? HEIGHT : WIDTH;
    int height = turned ? WIDTH : HEIGHT;
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int right = WIDTH - 1;
        int bottom = HEIGHT - 1;
        int rgb =
            switch (orientation) {
              case 1 -> quadrant(column, row);
              case 2 -> quadrant(right - column, row);
              case 3 -> quadrant(right - column, bottom - row);
              case 4 -> quadrant(column, bottom - row);
              case 5 -> quadrant(row, column);
              case 6 -> quadrant(right - row, column);
              case 7 -> quadrant(right - row, bottom - column);
              default -> quadrant(row, bottom - column);
            };
        picture.setRGB(column, row, rgb);
      }
    }
    return picture;
  }

  private static void assertQuadrants(Image image, int tolerance) {
    assertEquals(WIDTH, image.width());
    assertEquals(HEIGHT, image.height());
    for (int y = 4; y < HEIGHT; y += HEIGHT / 2) {
      for (int x = 4; x < WIDTH; x += WIDTH / 2) {
        assertColour(quadrant(x, y), image, x, y, tolerance);
      }
    }
  }

  private static void assertColour(int expected, Image image, int x, int y, int tolerance) {
    for (int c = 0; c < 3; c++) {
      int sample = image.rgb()[(y * image.width() + x) * 3 + c] & 0xFF;
      String where = "channel " + c + " at " + x + ", " + y;
      assertEquals(expected >> (16 - 8 * c) & 0xFF, sample, tolerance, where);
    }
  }

  private static Image decode(byte[] file) {
    return Image.decode(file, "test");
  }

  @ParameterizedTest
  @CsvSource({"png,0", "jpg,8", "gif,0", "bmp,0", "tiff,0"})
  void readsWhatJavaWrites(String format, int tolerance) throws IOException {
    assertQuadrants(decode(Encoded.imageIo(stored(1), format)), tolerance);
  }

  @Test
  void readsWebP() {
    assertQuadrants(decode(Encoded.openCv(Image.of(stored(1)), ".webp")), 0);
  }

  @Test
  void readsProgressiveJpegAndRestartMarkers() throws IOException {
    assertQuadrants(decode(Encoded.jpeg(stored(1), true)), 8);
    byte[] restarts = Encoded.openCv(Image.of(stored(1)), ".jpg", IMWRITE_JPEG_RST_INTERVAL, 1);
    assertQuadrants(decode(restarts), 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turnsEveryOrientationUpright(int orientation) throws IOException {
    BufferedImage stored = stored(orientation);
    byte[] jpeg = withSegment(Encoded.jpeg(stored, false), 0xE1, exifSegment(orientation));
    assertQuadrants(decode(jpeg), 8);
    byte[] xmp = "http://ns.adobe.com/xap/1.0/\0<x/>".getBytes(ISO_8859_1);
    assertQuadrants(decode(withSegment(jpeg, 0xE1, xmp)), 8);
    byte[] png = Encoded.imageIo(stored, "png");
    byte[] chunk = chunk("eXIf", exif(orientation));
    byte[] turned =
        ByteBuffer.allocate(png.length + chunk.length)
            .put(png, 0, 33)
            .put(chunk)
            .put(png, 33, png.length - 33)
            .array();
    assertQuadrants(decode(turned), 0);
    byte[] rgb = Image.of(stored).rgb();
    byte[] tiff = Encoded.tiff(stored.getWidth(), stored.getHeight(), rgb, orientation);
    assertQuadrants(decode(tiff), 0);
    byte[] webp = Encoded.openCv(Image.of(stored), ".webp");
    int width = stored.getWidth();
    int height = stored.getHeight();
    assertQuadrants(decode(Encoded.withExif(webp, width, height, exif(orientation))), 0);
    assertQuadrants(decode(Encoded.withExif(webp, width, height, exifSegment(orientation))), 0);
  }

  @Test
  void anOrientationThatDoesNotExistIsUpright() throws IOException {
    byte[] jpeg = Encoded.jpeg(stored(1), false);
    assertQuadrants(decode(withSegment(jpeg, 0xE1, exifSegment(9))), 8);
    byte[] broken = "Exif\0\0II*\0\377\377\377\177".getBytes(ISO_8859_1);
    assertQuadrants(decode(withSegment(jpeg, 0xE1, broken)), 8);
  }

  @Test
  void readsGrayJpeg() throws IOException {
    BufferedImage gray = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSamples(0, 0, 16, 16, 0, filled(256, 77));
    assertColour(0x4D4D4D, decode(Encoded.jpeg(gray, false)), 8, 8, 2);
  }

  @ParameterizedTest
  @CsvSource({"255,0,0,255,0xFF0000", "255,255,0,255,0xFFFF00", "255,255,255,128,0x808080"})
  void readsCmykJpeg(int c, int m, int y, int k, String rgb) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    int[] pixel = {c, m, y, k};
    for (int i = 0; i < 256; i++) {
      raster.setPixel(i % 16, i / 16, pixel);
    }
    byte[] adobe = "Adobe\0\144\0\0\0\0\0".getBytes(ISO_8859_1);
    byte[] jpeg = withSegment(Encoded.jpeg(raster), 0xEE, adobe);
    assertColour(Integer.decode(rgb), decode(jpeg), 8, 8, 3);
  }

  @Test
  void readsEveryKindOfPng() throws IOException {
    byte[] rgb16 = bytes(0, 0x12, 0xFF, 0x34, 0x00, 0x56, 0x80);
    assertColour(0x123456, decode(png(1, 1, 16, 2, rgb16)), 0, 0, 1);
    assertColour(0x9A9A9A, decode(png(1, 1, 16, 0, bytes(0, 0x9A, 0x10))), 0, 0, 1);
    assertColour(0xFFFFFF, decode(png(1, 1, 1, 0, bytes(0, 0x80))), 0, 0, 0);
    assertColour(0x4D4D4D, decode(png(1, 1, 8, 4, bytes(0, 77, 3))), 0, 0, 0);
    assertColour(0x102030, decode(png(1, 1, 8, 6, bytes(0, 16, 32, 48, 0))), 0, 0, 0);
    byte[] palette = chunk("PLTE", bytes(1, 2, 3, 200, 100, 50));
    byte[] alpha = chunk("tRNS", bytes(255, 0));
    Image indexed = decode(png(2, 1, 8, 3, bytes(0, 1, 0), palette, alpha));
    assertArrayEquals(bytes(200, 100, 50, 1, 2, 3), indexed.rgb());
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,4000", "4000,1"})
  void readsThinImages(int width, int height) throws IOException {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; i < width * height; i++) {
      picture.setRGB(i % width, i / width, random.nextInt());
    }
    Image image = decode(Encoded.imageIo(picture, "png"));
    assertEquals(width, image.width());
    assertEquals(height, image.height());
    assertArrayEquals(Image.of(picture).rgb(), image.rgb());
    byte[] jpeg = withSegment(Encoded.jpeg(picture, false), 0xE1, exifSegment(6));
    assertEquals(height, decode(jpeg).width());
  }

  private static int[] filled(int count, int value) {
    int[] values = new int[count];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
