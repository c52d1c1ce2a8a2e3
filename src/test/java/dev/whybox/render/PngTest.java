// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.whybox.image.Image;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {
  @Test
  void anotherReaderFindsTheSamePixels() throws IOException {
    byte[] rgb = new byte[37 * 11 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 37);
    }
    Image image = Image.ofRgb(37, 11, rgb);
    Image read = Image.of(ImageIO.read(new ByteArrayInputStream(Png.encode(image))));
    assertArrayEquals(rgb, read.rgb());
  }
}
