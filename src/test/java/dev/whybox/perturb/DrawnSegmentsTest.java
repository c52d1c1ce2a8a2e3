// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnreadableImage;
import dev.whybox.image.Image;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawnSegmentsTest {
  @TempDir Path folder;

  private static Image content(int width, int height) {
    return Image.ofRgb(width, height, new byte[3 * width * height]);
  }

  /** Sets raw samples for gray pictures, colours for others. */
  private Path drawn(int type, int width, int height, IntBinaryOperator value) throws IOException {
    BufferedImage picture = new BufferedImage(width, height, type);
    boolean gray = picture.getRaster().getNumBands() == 1;
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = i / width;
      if (gray) {
        picture.getRaster().setSample(x, y, 0, value.applyAsInt(x, y));
      } else {
        picture.setRGB(x, y, value.applyAsInt(x, y));
      }
    }
    Path file = folder.resolve("drawn.png");
    ImageIO.write(picture, "png", file.toFile());
    return file;
  }

  private static void assertHalves(Segments segments, int width, int height) {
    assertEquals(2, segments.count());
    for (int i = 0; i < width * height; i++) {
      assertEquals(i % width < width / 2 ? 0 : 1, segments.label(i % width, i / width));
    }
  }

  @ParameterizedTest
  @CsvSource({
    BufferedImage.TYPE_BYTE_GRAY + ",7,200",
    BufferedImage.TYPE_USHORT_GRAY + ",256,257",
    BufferedImage.TYPE_INT_RGB + ",255,65280",
    BufferedImage.TYPE_INT_RGB + ",65535,16711680",
    BufferedImage.TYPE_4BYTE_ABGR + ",-16777215,-16776961",
    BufferedImage.TYPE_BYTE_BINARY + ",0,1",
  })
  void everyValueIsASegmentInAscendingOrder(int type, int first, int second) throws IOException {
    Path file = drawn(type, 40, 20, (x, y) -> x < 20 ? first : second);
    assertHalves(Segmentation.labels(file).of(content(40, 20)), 40, 20);
    assertHalves(Segmentation.labels(file).of(content(640, 320)), 640, 320);
    assertHalves(Segmentation.labels(file).of(content(10, 5)), 10, 5);
  }

  @Test
  void aSegmentTooSmallToSeeKeepsItsNumber() throws IOException {
    Path file =
        drawn(
            BufferedImage.TYPE_BYTE_GRAY, 40, 20, (x, y) -> x == 0 && y == 0 ? 5 : x < 20 ? 1 : 9);
    Segments segments = Segmentation.labels(file).of(content(4, 2));
    assertEquals(3, segments.count());
    assertEquals(0, segments.label(0, 0));
    assertEquals(2, segments.label(3, 0));
  }

  @Test
  void theShapeMustBeTheImages() throws IOException {
    Path file = drawn(BufferedImage.TYPE_BYTE_GRAY, 451, 300, (x, y) -> 0);
    assertEquals(1, Segmentation.labels(file).of(content(320, 213)).count());
    assertEquals(1, Segmentation.labels(file).of(content(640, 426)).count());
    String message =
        assertThrows(BadArgument.class, () -> Segmentation.labels(file).of(content(320, 216)))
            .getMessage();
    assertTrue(message.contains("451 × 300") && message.contains("320 to 216"), message);
  }

  @Test
  void thereMayBeSoManySegments() throws IOException {
    Path file = drawn(BufferedImage.TYPE_USHORT_GRAY, 32, 32, (x, y) -> 32 * y + x);
    assertEquals(1024, Segmentation.labels(file).of(content(32, 32)).count());
    Path more = drawn(BufferedImage.TYPE_USHORT_GRAY, 32, 33, (x, y) -> 32 * y + x);
    String message =
        assertThrows(BadArgument.class, () -> Segmentation.labels(more).of(content(32, 33)))
            .getMessage();
    assertTrue(message.contains("1024"), message);
  }

  @Test
  void onlyWholePngsAreRead() throws IOException {
    Path file = folder.resolve("drawn.jpg");
    ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "jpg", file.toFile());
    String message =
        assertThrows(BadArgument.class, () -> Segmentation.labels(file).of(content(4, 4)))
            .getMessage();
    assertTrue(message.contains("JPEG"), message);
    Path missing = folder.resolve("none.png");
    assertThrows(UnreadableImage.class, () -> Segmentation.labels(missing).of(content(4, 4)));
  }
}
