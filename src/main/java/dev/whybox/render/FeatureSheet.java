// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.inside.FeatureMaps;
import dev.whybox.render.TileSheet.Tile;
import dev.whybox.report.Caption;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The feature maps of a layer on pages; the channels with the largest contributions come first. */
public final class FeatureSheet {
  private static final int HEAD = 200;

  private FeatureSheet() {}

  /**
   * Draws all channels, 64 per page. Cells on the letterbox's padding are cut off.
   *
   * @param maps the maps
   * @return the pages, each 1442 pixels wide
   */
  public static List<Image> of(FeatureMaps maps) {
    double most = 0;
    for (double contribution : maps.contributions()) {
      most = Math.max(most, Math.abs(contribution));
    }
    List<Tile> tiles = new ArrayList<>();
    for (int channel : maps.order()) {
      double contribution = maps.contributions()[channel];
      tiles.add(
          new Tile(
              picture(maps, channel),
              "#" + channel,
              signed(contribution),
              most > 0 ? contribution / most : 0));
    }
    String heading =
        "%s · %d channels of %dx%d"
            .formatted(maps.layer(), maps.channels(), maps.width(), maps.height());
    List<String> facts =
        List.of(
            "Target: %s · class logit %.3f · the channels' contributions sum to %s"
                .formatted(
                    Caption.className(className(maps), maps.target().classId()),
                    maps.logit(),
                    signed(maps.sum())),
            "Contribution = gradient of the logit × activation, summed over the layer's"
                + " positions. The largest come first.",
            maps.tensor());
    List<String> notes =
        List.of(
            "Dark to bright: lowest to highest activation, each map on its own scale · bar:"
                + " contribution, red for and blue against the target, relative to the largest ("
                + Caption.number(most)
                + " logits)");
    return new TileSheet().pages(overview(maps), heading, facts, tiles, notes);
  }

  private static String className(FeatureMaps maps) {
    return maps.model().names().get(maps.target().classId());
  }

  /** A number with its sign and about three digits. */
  static String signed(double value) {
    double size = Math.abs(value);
    String digits =
        size >= 100
            ? String.format(Locale.ROOT, "%.0f", size)
            : size >= 0.001 || size == 0
                ? String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.3f", size)
                : String.format(Locale.ROOT, "%.0e", size);
    return (value < 0 ? "-" : "+") + digits;
  }

  /** The image with the target's box. */
  private static Image overview(FeatureMaps maps) {
    Image image = maps.image();
    double scale = Math.min((double) HEAD / image.height(), 1.6 * HEAD / image.width());
    int width = Math.max(1, (int) Math.round(image.width() * scale));
    int height = Math.max(1, (int) Math.round(image.height() * scale));
    Canvas canvas = new Canvas(width, height, Footer.GROUND);
    canvas.draw(Resized.of(image, width, height), 0, 0);
    boolean asked = maps.target() instanceof Target.Asked;
    int color = Rgb.ofClass(maps.target().classId());
    new BoxMark(16).region(canvas, maps.target().region(), scale, 0, 0, asked, color);
    return canvas.image();
  }

  /** The part of a map that lies on the image, without the padding. */
  private static Image picture(FeatureMaps maps, int channel) {
    Letterbox box = maps.model().letterbox(maps.image());
    int x1 = Math.max(0, box.left()) * maps.width() / box.inputWidth();
    int y1 = Math.max(0, box.top()) * maps.height() / box.inputHeight();
    int x2 = up((box.left() + box.visibleRight()) * maps.width(), box.inputWidth());
    int y2 = up((box.top() + box.visibleBottom()) * maps.height(), box.inputHeight());
    float[] whole = maps.map(channel);
    float[] part = new float[(x2 - x1) * (y2 - y1)];
    for (int i = 0; i < part.length; i++) {
      part[i] = whole[(y1 + i / (x2 - x1)) * maps.width() + x1 + i % (x2 - x1)];
    }
    Scale scale = Scale.of(part, false);
    ColorMap colors = ColorMap.sequential();
    int[] pixels = new int[part.length];
    for (int i = 0; i < part.length; i++) {
      pixels[i] = colors.at(scale.position(part[i]));
    }
    return TileSheet.enlarged(pixels, x2 - x1);
  }

  private static int up(int a, int b) {
    return (a + b - 1) / b;
  }
}
