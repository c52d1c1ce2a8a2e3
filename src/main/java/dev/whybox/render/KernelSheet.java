// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Image;
import dev.whybox.inside.Kernels;
import dev.whybox.render.TileSheet.Tile;
import dev.whybox.report.Caption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kernels of a convolution on pages, in the order of the output channels. Kernels that read the
 * image are shown in colour: gray is 0, brighter is above 0, darker is below. Other kernels are
 * mosaics: each input channel's weights are one block; blue is below 0, red above.
 */
public final class KernelSheet {
  private static final int LINE = 0x2A2D34;

  private KernelSheet() {}

  /**
   * Draws all kernels, 64 per page.
   *
   * @param kernels the kernels of one convolution
   * @return the pages, each 1442 pixels wide
   */
  public static List<Image> of(Kernels kernels) {
    List<Tile> tiles = new ArrayList<>();
    for (int output = 0; output < kernels.outputs(); output++) {
      tiles.add(
          new Tile(
              TileSheet.enlarged(pixels(kernels, output), columns(kernels)),
              "#" + output,
              "|w| " + Caption.number(kernels.norm(output)),
              Double.NaN));
    }
    String heading =
        "%s · %d kernels of %dx%d over %d %s"
            .formatted(
                kernels.name(),
                kernels.outputs(),
                kernels.height(),
                kernels.width(),
                kernels.inputs(),
                kernels.inputs() == 1 ? "channel" : "channels");
    String how =
        kernels.colors()
            ? "Red, green and blue of the image: gray is 0, brighter is above 0, darker below"
            : "A tile is one kernel: the weights of its input channels side by side, row by row"
                + " from channel 0";
    return new TileSheet()
        .pages(
            null,
            heading,
            List.of(how + " · each kernel on its own scale · |w| is its Euclidean norm"),
            tiles,
            List.of(),
            kernels.colors()
                ? null
                : new ColorBar(
                    ColorMap.diverging(), "-max |weight| of the kernel", "0", "max |weight|"));
  }

  /** The number of input channels per row of a kernel's mosaic. */
  private static int across(Kernels kernels) {
    return kernels.colors() ? 1 : (int) Math.ceil(Math.sqrt(kernels.inputs()));
  }

  /** The width of the line between blocks in pixels; kernels of a single weight have none. */
  private static int line(Kernels kernels) {
    return kernels.height() * kernels.width() > 1 ? 1 : 0;
  }

  static int columns(Kernels kernels) {
    int across = across(kernels);
    return across * kernels.width() + (across - 1) * line(kernels);
  }

  /**
   * The colours of a kernel's picture, row by row: one per weight, and the lines between the
   * channels.
   */
  static int[] pixels(Kernels kernels, int output) {
    float reach = Float.MIN_NORMAL;
    for (int input = 0; input < kernels.inputs(); input++) {
      for (int i = 0; i < kernels.height() * kernels.width(); i++) {
        float weight = kernels.weight(output, input, i / kernels.width(), i % kernels.width());
        reach = Math.max(reach, Math.abs(weight));
      }
    }
    return kernels.colors() ? colors(kernels, output, reach) : mosaic(kernels, output, reach);
  }

  private static int[] colors(Kernels kernels, int output, float reach) {
    int[] pixels = new int[kernels.height() * kernels.width()];
    for (int i = 0; i < pixels.length; i++) {
      int[] rgb = new int[3];
      for (int c = 0; c < 3; c++) {
        float weight = kernels.weight(output, c, i / kernels.width(), i % kernels.width());
        rgb[c] = Math.round(127.5f + 127.5f * weight / reach);
      }
      pixels[i] = Rgb.of(rgb[0], rgb[1], rgb[2]);
    }
    return pixels;
  }

  private static int[] mosaic(Kernels kernels, int output, float reach) {
    ColorMap map = ColorMap.diverging();
    int across = across(kernels);
    int down = (kernels.inputs() + across - 1) / across;
    int line = line(kernels);
    int columns = columns(kernels);
    int[] pixels = new int[columns * (down * kernels.height() + (down - 1) * line)];
    Arrays.fill(pixels, line == 0 ? Footer.GROUND : LINE);
    for (int input = 0; input < kernels.inputs(); input++) {
      int left = input % across * (kernels.width() + line);
      int top = input / across * (kernels.height() + line);
      for (int y = 0; y < kernels.height(); y++) {
        for (int x = 0; x < kernels.width(); x++) {
          double weight = kernels.weight(output, input, y, x);
          pixels[(top + y) * columns + left + x] = map.at(0.5 + 0.5 * weight / reach);
        }
      }
    }
    return pixels;
  }
}
