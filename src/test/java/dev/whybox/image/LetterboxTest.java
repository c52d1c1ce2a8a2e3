// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadArgument;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LetterboxTest {

  @ParameterizedTest
  @CsvSource({
    // image, input, left, top, content
    "810, 1080, 640, 640, 80, 0, 480, 640",
    "451, 300, 320, 320, 0, 53, 320, 213",
    "600, 400, 640, 640, 0, 106, 640, 427",
    "1, 1, 640, 640, 0, 0, 640, 640",
    "1, 4000, 640, 640, 319, 0, 1, 640",
    "4000, 1, 640, 640, 0, 319, 640, 1",
    "640, 480, 640, 320, 106, 0, 427, 320",
    "100, 100, 640, 320, 160, 0, 320, 320",
    "640, 640, 640, 640, 0, 0, 640, 640",
    // 166.5 and 167.5 rows: halves go to the even number
    "1000, 333, 500, 500, 0, 167, 500, 166",
    "1000, 335, 500, 500, 0, 166, 500, 168",
  })
  void sizesAndOffsets(
      int imageWidth,
      int imageHeight,
      int inputWidth,
      int inputHeight,
      int left,
      int top,
      int contentWidth,
      int contentHeight) {
    Letterbox box = Letterbox.of(imageWidth, imageHeight, inputWidth, inputHeight);
    double ratio = Math.min((double) inputWidth / imageWidth, (double) inputHeight / imageHeight);
    assertEquals(
        new Letterbox(
            imageWidth,
            imageHeight,
            inputWidth,
            inputHeight,
            left,
            top,
            contentWidth,
            contentHeight,
            (float) ratio,
            false),
        box);
    Image image =
        Image.ofRgb(imageWidth, imageHeight, new byte[3 * imageWidth * imageHeight]).named("n");
    Image content = box.content(image);
    assertEquals(contentWidth, content.width());
    assertEquals(contentHeight, content.height());
    assertEquals("n", content.name());
    int grays = 0;
    for (float value : box.planes(content)) {
      grays += value == 114 / 255f ? 1 : 0;
    }
    assertEquals(3 * (inputWidth * inputHeight - contentWidth * contentHeight), grays);
  }

  @Test
  void thereAndBackIsTheSameBox() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      int width = 1 + random.nextInt(3000);
      int height = 1 + random.nextInt(3000);
      Letterbox letterbox = Letterbox.of(width, height, 640, 480);
      float x = random.nextFloat() * width;
      float y = random.nextFloat() * height;
      Box box = new Box(x / 2, y / 3, x, y);
      Box back = letterbox.toImage(letterbox.toInput(box));
      assertEquals(box.x1(), back.x1(), 1e-3);
      assertEquals(box.y1(), back.y1(), 1e-3);
      assertEquals(box.x2(), back.x2(), 1e-3);
      assertEquals(box.y2(), back.y2(), 1e-3);
    }
  }

  @Test
  void boxesAreClippedToTheImage() {
    Letterbox letterbox = Letterbox.of(810, 1080, 640, 640);
    assertEquals(new Box(0, 0, 810, 1080), letterbox.toImage(new Box(0, -3, 700, 640.5f)));
    assertEquals(new Box(80, 0, 560, 640), letterbox.toInput(new Box(0, 0, 810, 1080)));
  }

  @Test
  void upscalingIsBilinearBetweenPixelCentres() {
    // 0 100 / 200 40, in the red channel only; weights ¾ and ¼, rounded
    byte[] rgb = Encoded.bytes(0, 0, 0, 100, 0, 0, 200, 0, 0, 40, 0, 0);
    int[] expected = {
      0, 25, 75, 100, 50, 59, 76, 85, 150, 126, 79, 55, 200, 160, 80, 40,
    };
    Letterbox letterbox = Letterbox.of(2, 2, 4, 4);
    Image content = letterbox.content(Image.ofRgb(2, 2, rgb));
    float[] planes = letterbox.planes(content);
    for (int i = 0; i < 16; i++) {
      assertEquals(expected[i] / 255f, planes[i]);
      assertEquals(0, planes[16 + i] + planes[32 + i]);
    }
  }

  @Test
  void planesAreRedGreenBlueAndLieInsideThePadding() {
    byte[] rgb = Encoded.bytes(10, 20, 30, 40, 50, 60);
    Letterbox letterbox = Letterbox.of(2, 1, 2, 4);
    Image image = Image.ofRgb(2, 1, rgb);
    assertSame(image, letterbox.content(image));
    FloatBuffer planes =
        ByteBuffer.allocateDirect(25 * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
    planes.put(24, -7);
    letterbox.fill(image, planes);
    assertEquals(1, letterbox.top());
    float[] red = {114, 114, 10, 40, 114, 114, 114, 114};
    for (int i = 0; i < 8; i++) {
      boolean inside = i == 2 || i == 3;
      assertEquals(red[i] / 255f, planes.get(i));
      assertEquals((red[i] + (inside ? 10 : 0)) / 255f, planes.get(8 + i));
      assertEquals((red[i] + (inside ? 20 : 0)) / 255f, planes.get(16 + i));
    }
    assertEquals(-7, planes.get(24), "canary");
    assertEquals(0, planes.position());
  }

  @Test
  void wrongSizesAreRefused() {
    Letterbox letterbox = Letterbox.of(2, 1, 2, 4);
    Image other = Image.ofRgb(1, 1, new byte[3]);
    assertThrows(BadArgument.class, () -> letterbox.content(other));
    assertThrows(BadArgument.class, () -> letterbox.planes(other));
    Image right = Image.ofRgb(2, 1, new byte[6]);
    String message =
        assertThrows(BadArgument.class, () -> letterbox.fill(right, FloatBuffer.allocate(23)))
            .getMessage();
    assertTrue(message.contains("24") && message.contains("23"), message);
    assertThrows(BadArgument.class, () -> Letterbox.of(0, 1, 2, 4));
  }

  /** Every pixel has a colour of its own: the input shows the middle of the image. */
  @Test
  void aCropShowsTheMiddle() {
    for (int[] size : new int[][] {{10, 6}, {6, 9}, {6, 6}}) {
      byte[] rgb = new byte[3 * size[0] * size[1]];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) i;
      }
      Letterbox crop = Letterbox.cropped(size[0], size[1], 6, 6);
      Image content = crop.content(Image.ofRgb(size[0], size[1], rgb));
      assertEquals(size[0], content.width());
      float[] planes = crop.planes(content);
      int left = (size[0] - 6) / 2;
      int top = (size[1] - 6) / 2;
      for (int i = 0; i < planes.length; i++) {
        int channel = i / 36;
        int x = i % 6 + left;
        int y = i / 6 % 6 + top;
        assertEquals((rgb[3 * (y * size[0] + x) + channel] & 255) / 255f, planes[i]);
      }
      Box box = new Box(1, 2, 5, 4);
      assertEquals(new Box(1 - left, 2 - top, 5 - left, 4 - top), crop.toInput(box));
      assertEquals(box, crop.toImage(crop.toInput(box)));
      assertEquals(6, crop.visibleRight() - crop.visibleLeft());
      assertEquals(6, crop.visibleBottom() - crop.visibleTop());
    }
  }

  @Test
  void theShorterSideFillsTheInput() {
    Letterbox crop = Letterbox.cropped(451, 300, 224, 224);
    assertEquals(336, crop.contentWidth());
    assertEquals(224, crop.contentHeight());
    assertEquals(-56, crop.left());
    assertEquals(0, crop.top());
    assertEquals(280, crop.visibleRight());
  }
}
