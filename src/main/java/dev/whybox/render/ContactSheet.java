// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.WholeImage;
import dev.whybox.report.Caption;
import dev.whybox.report.TargetNumbers;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All targets of one image on one sheet: the image with all boxes, then one tile per target. Each
 * tile's map has a colour scale of its own.
 */
public final class ContactSheet {
  /** The largest number of tiles, the overview included. */
  private static final int TILES = 24;

  private ContactSheet() {}

  /**
   * Draws the sheet.
   *
   * @param explanations at least one, all of the same image and method; the most important first
   * @return a picture at most 2400 pixels wide. It shows 23 targets; its last line says how many
   *     more there are
   */
  public static Image of(List<Explanation> explanations) {
    return of(explanations, TargetNumbers.upTo(explanations.size()));
  }

  /**
   * Draws the sheet with the targets' own numbers.
   *
   * @param explanations at least one, all of the same image and method; the most important first
   * @param numbers one number per target, which its tile shows
   * @return a picture at most 2400 pixels wide. It shows 23 targets; its last line says how many
   *     more there are
   */
  public static Image of(List<Explanation> explanations, List<Integer> numbers) {
    if (explanations.isEmpty() || explanations.size() != numbers.size()) {
      throw new BadArgument(
          "A contact sheet needs at least one explanation and one number per explanation, but got "
              + explanations.size()
              + " and "
              + numbers.size()
              + ".");
    }
    int shown = Math.min(explanations.size(), TILES - 1);
    Image image = explanations.get(0).image();
    Tiling tiling = Tiling.of(shown + 1, image.width(), image.height());
    Image small = Resized.of(image, tiling.pictureWidth(), tiling.pictureHeight());
    Text text = new Text(tiling.textSize(), false);
    int inner = tiling.width() - 2 * tiling.gap();
    List<String> caveats = new ArrayList<>();
    caveats(explanations, numbers).forEach(caveat -> caveats.addAll(text.wrap(caveat, inner)));
    List<String> lines = text.wrap(caption(explanations, shown), inner);
    int lineHeight = text.height() * 4 / 3;
    int height = tiling.height() + (caveats.size() + lines.size()) * lineHeight + tiling.gap();
    Canvas canvas = new Canvas(tiling.width(), height, Footer.GROUND);
    overview(canvas, tiling, small, explanations.subList(0, shown), numbers);
    for (int i = 0; i < shown; i++) {
      tile(canvas, tiling, i + 1, small, explanations.get(i), numbers.get(i));
    }
    int y = tiling.height();
    for (String line : caveats) {
      text.draw(canvas, line, tiling.gap(), y, Footer.ALARM);
      y += lineHeight;
    }
    for (String line : lines) {
      text.draw(canvas, line, tiling.gap(), y, Footer.MUTED);
      y += lineHeight;
    }
    return canvas.image();
  }

  /** Lists each caveat once, with the numbers of its targets unless it applies to all of them. */
  static List<String> caveats(List<Explanation> explanations, List<Integer> numbers) {
    Map<String, List<Integer>> found = new LinkedHashMap<>();
    for (int i = 0; i < explanations.size(); i++) {
      for (String caveat : Caption.caveats(explanations.get(i))) {
        found.computeIfAbsent(caveat, all -> new ArrayList<>()).add(numbers.get(i));
      }
    }
    List<String> lines = new ArrayList<>();
    found.forEach(
        (caveat, of) ->
            lines.add(
                of.size() == explanations.size()
                    ? caveat
                    : caveat
                        + ": "
                        + of.stream().map(String::valueOf).collect(Collectors.joining(", "))));
    return lines;
  }

  private static String caption(List<Explanation> explanations, int shown) {
    int left = explanations.size() - shown;
    String line = Caption.method(explanations) + " · each map on a scale of its own";
    return left == 0 ? line : line + " · " + left + " more targets are not shown";
  }

  private static void overview(
      Canvas canvas, Tiling tiling, Image small, List<Explanation> shown, List<Integer> numbers) {
    canvas.draw(small, tiling.left(0), tiling.top(0));
    BoxMark mark = new BoxMark(tiling.textSize());
    for (int i = shown.size() - 1; i >= 0; i--) {
      mark(canvas, mark, tiling, 0, shown.get(i), Rgb.ofClass(shown.get(i).target().classId()));
    }
    for (int i = shown.size() - 1; i >= 0; i--) {
      if (shown.get(i).target().region() instanceof WholeImage) {
        continue; // All would stand at one place; the tiles say as much.
      }
      Box box = tiling.scaled(shown.get(i).target().box());
      int color = Rgb.ofClass(shown.get(i).target().classId());
      mark.label(canvas, box, tiling.picture(0), numbers.get(i).toString(), color);
    }
    tiling.clear(canvas, 0);
    int all = shown.size();
    tiling.title(canvas, 0, all == 1 ? "1 target" : all + " targets");
  }

  private static void tile(
      Canvas canvas, Tiling tiling, int index, Image small, Explanation explanation, int number) {
    float[] map = explanation.attribution().map(small.width(), small.height());
    Scale scale = Scale.of(map, explanation);
    canvas.draw(Heat.over(small, map, scale), tiling.left(index), tiling.top(index));
    mark(canvas, new BoxMark(tiling.textSize()), tiling, index, explanation, Rgb.WHITE);
    tiling.clear(canvas, index);
    tiling.title(canvas, index, number + " · " + Caption.title(explanation));
  }

  private static void mark(
      Canvas canvas, BoxMark mark, Tiling tiling, int index, Explanation explanation, int color) {
    Target target = explanation.target();
    boolean asked = target instanceof Target.Asked;
    int left = tiling.left(index);
    int top = tiling.top(index);
    mark.region(canvas, target.region(), tiling.scale(), left, top, asked, color);
  }
}
