// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.dream.Dream;
import dev.whybox.engine.EngineInfo;
import dev.whybox.image.Image;
import dev.whybox.render.TileSheet.Tile;
import dev.whybox.report.Caption;
import dev.whybox.report.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a picture came about in gradient ascent: the value's curve, and the picture at some steps.
 */
public final class DreamSheet {
  private static final int HEAD = 240;
  private static final int GAP = 18;
  private static final int CURVE_WIDTH = 420;
  private static final int LABEL = 17;
  private static final int LINE = 0xE0694F;
  private static final int PANEL = 0x22252C;

  private DreamSheet() {}

  /**
   * The picture at a step.
   *
   * @param step after how many steps
   * @param picture small
   */
  public record Frame(int step, Image picture) {
    /**
     * Makes a picture small.
     *
     * @param step after how many steps
     * @param picture of any size
     * @return at most {@value TileSheet#TILE} pixels wide and high
     */
    public static Frame of(int step, Image picture) {
      return new Frame(step, fitted(picture, TileSheet.TILE));
    }
  }

  /**
   * Draws the steps, 64 a page.
   *
   * @param dream the ascent
   * @param frames the picture at some of its steps, in their order
   * @return the pages, 1442 pixels wide each
   */
  public static List<Image> of(Dream dream, List<Frame> frames) {
    List<Tile> tiles = new ArrayList<>();
    for (Frame frame : frames) {
      tiles.add(
          new Tile(
              frame.picture(),
              "step " + frame.step(),
              Caption.number(after(dream, frame.step())),
              Double.NaN));
    }
    String heading = PlainText.of(dream.label());
    String unit = dream.source().unit();
    List<String> facts =
        List.of(
            "%s %s → %s · %d %s · %.1f s · seed %d"
                    .formatted(
                        unit,
                        Caption.number(dream.start()),
                        Caption.number(dream.value()),
                        dream.steps(),
                        dream.steps() == 1 ? "step" : "steps",
                        dream.elapsed().toMillis() / 1e3,
                        dream.seed())
                + Caption.stopped(dream.stop()),
            parameters(dream.method().parameters()),
            dream.source().label(),
            engine(dream.engine()));
    List<String> notes =
        List.of(
            "Below each picture: the target's "
                + unit
                + " at a random view of it, moved, enlarged and turned a little; at the last, of the"
                + " picture as it is. The curve has a view a step.");
    return new TileSheet().pages(head(dream), heading, facts, tiles, notes);
  }

  /** The value after so many steps: at the next step's view, or at the last picture itself. */
  private static double after(Dream dream, int step) {
    return step < dream.steps() ? dream.trajectory()[step] : dream.value();
  }

  private static String parameters(Map<String, Object> parameters) {
    List<String> words = new ArrayList<>();
    parameters.forEach((name, value) -> words.add(name + " " + value));
    return String.join(" · ", words);
  }

  private static String engine(EngineInfo engine) {
    return engine.name() + " " + engine.device() + " " + engine.precision();
  }

  /** The last picture, and the curve beside it. */
  private static Image head(Dream dream) {
    Image picture = fitted(dream.image(), HEAD);
    Canvas canvas = new Canvas(picture.width() + GAP + CURVE_WIDTH, HEAD, Footer.GROUND);
    canvas.draw(picture, 0, (HEAD - picture.height()) / 2);
    curve(canvas, picture.width() + GAP, dream.trajectory());
    return canvas.image();
  }

  private static void curve(Canvas canvas, int left, double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    Text text = new Text(LABEL, false);
    int top = LABEL + 4;
    int bottom = HEAD - LABEL - 4;
    canvas.fill(left, top, left + CURVE_WIDTH, bottom, PANEL);
    text.draw(canvas, Caption.number(high), left, 0, Footer.MUTED);
    text.draw(canvas, Caption.number(low), left, bottom + 3, Footer.MUTED);
    String last = "step " + values.length;
    text.draw(canvas, last, left + CURVE_WIDTH - text.width(last), bottom + 3, Footer.MUTED);
    double range = high > low ? high - low : 1;
    int before = -1;
    for (int x = 0; x < CURVE_WIDTH; x++) {
      double at = (values.length - 1) * (double) x / (CURVE_WIDTH - 1);
      int i = (int) at;
      double next = values[Math.min(i + 1, values.length - 1)];
      double value = values[i] + (at - i) * (next - values[i]);
      int y = bottom - 4 - (int) Math.round((bottom - top - 8) * (value - low) / range);
      int from = before < 0 ? y : before;
      canvas.fill(left + x, Math.min(from, y) - 1, left + x + 1, Math.max(from, y) + 1, LINE);
      before = y;
    }
  }

  private static Image fitted(Image picture, int side) {
    double scale = Math.min((double) side / picture.width(), (double) side / picture.height());
    return Resized.of(
        picture,
        Math.max(1, (int) Math.round(picture.width() * scale)),
        Math.max(1, (int) Math.round(picture.height() * scale)));
  }
}
