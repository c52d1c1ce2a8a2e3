// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.whybox.image.Image;
import dev.whybox.inside.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelSheetTest {
  @Test
  void firstLayerIsShownInTheImagesColours() {
    // Red on the left, blue on the right; green is 0 everywhere.
    float[] weights = {2, 0, 0, 0, 0, -2};
    Kernels kernels = new Kernels("model.0/conv", 1, 3, 1, 2, weights, true);
    int[] pixels = KernelSheet.pixels(kernels, 0);
    assertArrayEquals(new int[] {Rgb.of(255, 128, 128), Rgb.of(128, 128, 0)}, pixels);
  }

  @Test
  void otherLayersAreAMosaicOfInputChannels() {
    // Three input channels of 1 × 2, two in a row, a line between them.
    float[] weights = {4, -4, 0, 2, -2, 0};
    Kernels kernels = new Kernels("conv", 1, 3, 1, 2, weights, false);
    assertEquals(5, KernelSheet.columns(kernels));
    int[] pixels = KernelSheet.pixels(kernels, 0);
    ColorMap map = ColorMap.diverging();
    assertEquals(15, pixels.length);
    assertEquals(map.at(1), pixels[0]);
    assertEquals(map.at(0), pixels[1]);
    assertEquals(map.at(0.5), pixels[3]);
    assertEquals(map.at(0.75), pixels[4]);
    assertEquals(map.at(0.25), pixels[10]);
    assertEquals(map.at(0.5), pixels[11]);
  }

  @Test
  void sheetShowsTheKernel() {
    float[] weights = {1, 0, 0, 0, 0, 0, 0, 0, -1};
    Kernels kernels = new Kernels("conv", 1, 1, 3, 3, weights, false);
    assertEquals(Math.sqrt(2), kernels.norm(0), 1e-12);
    Image page = KernelSheet.of(kernels).get(0);
    ColorMap map = ColorMap.diverging();
    // 53 pixels per weight.
    assertEquals(53 * 53, count(page, map.at(1)), "the weight 1");
    assertEquals(53 * 53, count(page, map.at(0)), "the weight -1");
    assertEquals(7 * 53 * 53, count(page, map.at(0.5)), "the weights 0");
  }

  /** Counts the pixels of a colour above the colour bar, which has all colours. */
  private static int count(Image page, int color) {
    int count = 0;
    byte[] rgb = page.rgb();
    for (int i = 0; i < (page.height() - 69) * page.width() * 3; i += 3) {
      count += Rgb.of(rgb[i] & 255, rgb[i + 1] & 255, rgb[i + 2] & 255) == color ? 1 : 0;
    }
    return count;
  }

  @Test
  void manyKernelsTakeSeveralPages() {
    assertEquals(List.of(1, 1, 2, 3), List.of(pages(1), pages(64), pages(65), pages(129)));
  }

  private static int pages(int outputs) {
    return KernelSheet.of(new Kernels("conv", outputs, 1, 1, 1, new float[outputs], false)).size();
  }
}
