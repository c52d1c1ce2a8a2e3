// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadArgument;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BaselineTest {
  private static final int GREEN = 0x20C040;
  private static final int RED = 0xF01010;

  private static Image image(int width, int height, IntBinaryOperator colour) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int pixel = colour.applyAsInt(i % width, i / width);
      rgb[3 * i] = (byte) (pixel >> 16);
      rgb[3 * i + 1] = (byte) (pixel >> 8);
      rgb[3 * i + 2] = (byte) pixel;
    }
    return Image.ofRgb(width, height, rgb);
  }

  private static int sample(Image image, int x, int y, int channel) {
    return image.rgb()[3 * (y * image.width() + x) + channel] & 0xFF;
  }

  @Test
  void everyLabelIsParsed() {
    for (Baseline baseline : Baseline.values()) {
      assertEquals(baseline, Baseline.parse(baseline.label()));
    }
    String message = assertThrows(BadArgument.class, () -> Baseline.parse("black")).getMessage();
    assertTrue(message.contains("blur, mean, gray, noise, inpaint"), message);
    assertTrue(message.contains("black"), message);
  }

  @Test
  void meanOfTwoColours() {
    Image halves = image(4, 2, (x, y) -> x < 1 ? 0xFF0004 : 0x03FF00);
    Image mean = Baseline.MEAN.of(halves, List.of(), 0);
    assertArrayEquals(image(4, 2, (x, y) -> 0x42BF01).rgb(), mean.rgb());
  }

  @Test
  void grayIsThePadding() {
    Image gray = Baseline.GRAY.of(image(3, 5, (x, y) -> RED), List.of(), 0);
    assertArrayEquals(image(3, 5, (x, y) -> 0x727272).rgb(), gray.rgb());
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,2", "1,400", "400,1", "65,63", "320,213"})
  void aConstantImageStaysConstant(int width, int height) {
    Image image = image(width, height, (x, y) -> GREEN);
    assertArrayEquals(image.rgb(), Baseline.BLUR.of(image, List.of(), 0).rgb());
    assertArrayEquals(image.rgb(), Baseline.MEAN.of(image, List.of(), 0).rgb());
    List<Box> box = List.of(new Box(width / 4f, height / 4f, width / 2f, height / 2f));
    if (width * height > 1) {
      assertArrayEquals(image.rgb(), Baseline.INPAINT.of(image, box, 0).rgb());
    }
  }

  @Test
  void blurHidesShapesAndKeepsColours() {
    Image checks = image(240, 160, (x, y) -> (x / 4 + y / 4) % 2 == 0 ? 0xFFFFFF : 0);
    for (byte sample : Baseline.BLUR.of(checks, List.of(), 0).rgb()) {
      assertEquals(127.5, sample & 0xFF, 6);
    }
    Image halves = image(240, 160, (x, y) -> x < 120 ? RED : GREEN);
    Image blurred = Baseline.BLUR.of(halves, List.of(), 0);
    assertEquals(0xF0, sample(blurred, 0, 80, 0), 3);
    assertEquals(0x20, sample(blurred, 239, 80, 0), 3);
    // Gaussian's edge: one sigma (20 px) from it the colour is 84 % of the way.
    assertEquals(0x20 + 0.8413 * (0xF0 - 0x20), sample(blurred, 100, 80, 0), 4);
  }

  @Test
  void noiseIsAFunctionOfSeedAndPixel() {
    Image image = image(101, 90, (x, y) -> RED);
    Image noise = Baseline.NOISE.of(image, List.of(), 5);
    assertArrayEquals(noise.rgb(), Baseline.NOISE.of(image, List.of(), 5).rgb());
    assertFalse(Arrays.equals(noise.rgb(), Baseline.NOISE.of(image, List.of(), 6).rgb()));
    Image part = Baseline.NOISE.of(image(13, 9, (x, y) -> 0), List.of(), 5);
    assertEquals(sample(noise, 12, 8, 1), sample(part, 12, 8, 1));
    int[] counts = new int[256];
    double sum = 0;
    for (byte b : noise.rgb()) {
      counts[b & 0xFF]++;
      sum += b & 0xFF;
    }
    assertEquals(127.5, sum / noise.rgb().length, 2);
    assertTrue(Arrays.stream(counts).allMatch(c -> c > 50), () -> Arrays.toString(counts));
  }

  @Test
  void anInpaintedObjectIsGone() {
    Image image =
        image(300, 200, (x, y) -> x >= 100 && x < 150 && y >= 60 && y < 120 ? RED : GREEN);
    Image without = Baseline.INPAINT.of(image, List.of(new Box(100, 60, 150, 120)), 0);
    assertArrayEquals(image(300, 200, (x, y) -> GREEN).rgb(), without.rgb());
  }

  @Test
  void inpaintingSeesEveryBoxAndOnlyInsideTheImage() {
    Image image = image(120, 100, (x, y) -> x < 30 && y < 30 || x >= 90 && y >= 70 ? RED : GREEN);
    List<Box> boxes =
        List.of(new Box(-20, -20, 30, 30), new Box(90, 70, 400, 300), new Box(500, 5, 600, 9));
    Image without = Baseline.INPAINT.of(image, boxes, 0);
    assertArrayEquals(image(120, 100, (x, y) -> GREEN).rgb(), without.rgb());
  }

  @Test
  void inpaintingNeedsSurroundings() {
    Image image = image(64, 64, (x, y) -> RED);
    List<Box> boxes = List.of(new Box(0, 0, 64, 62));
    String message =
        assertThrows(BadArgument.class, () -> Baseline.INPAINT.of(image, boxes, 0)).getMessage();
    assertTrue(message.contains("blur") && message.contains("5 %"), message);
  }

  @ParameterizedTest
  @EnumSource
  void theSizeStays(Baseline baseline) {
    Image result = baseline.of(image(37, 1, (x, y) -> x), List.of(), 1);
    assertEquals(37, result.width());
    assertEquals(1, result.height());
  }
}
