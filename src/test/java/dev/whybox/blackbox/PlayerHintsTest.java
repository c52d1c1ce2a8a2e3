// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlayerHintsTest {
  @TempDir Path folder;

  private static Image content(int width, int height) {
    return Image.ofRgb(width, height, new byte[3 * width * height]);
  }

  /** log 1.01 and log 0.01 in equal numbers: a deviation from the mean up and down. */
  @Test
  void aBoxOverHalfOfTheSegments() {
    Segments segments = Segmentation.grid(2, 2).of(content(8, 8));
    double[] hint = PlayerHints.of(segments, new Box(0, 0, 8, 4));
    assertArrayEquals(new double[] {1, 1, -1, -1}, hint, 1e-9);
  }

  @Test
  void aSegmentWithoutPixelsIsUnlikelyAndNoMore() throws IOException {
    BufferedImage drawing = new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 40; x++) {
        drawing.getRaster().setSample(x, y, 0, x == 0 && y == 0 ? 5 : x < 20 ? 1 : 9);
      }
    }
    Path file = folder.resolve("drawn.png");
    ImageIO.write(drawing, "png", file.toFile());
    Segments segments = Segmentation.labels(file).of(content(4, 2));
    assertEquals(3, segments.count());
    float[] slopes = {0, 0, 1, 1, 0, 0, 1, 1};
    double root = Math.sqrt(0.5);
    double[] expected = {-root, -root, 2 * root}; // Segment 1 is the one that was too small.
    assertArrayEquals(expected, PlayerHints.of(segments, new Box(2, 0, 4, 2)), 1e-9);
    PixelValues saliency = new PixelValues(4, 2, slopes, Double.NaN, false);
    assertArrayEquals(expected, PlayerHints.of(segments, saliency), 1e-9);
  }
}
