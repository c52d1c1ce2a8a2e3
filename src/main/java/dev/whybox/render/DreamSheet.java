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
 * A sheet that shows a gradient ascent: the curve of the target's value, and the picture at some
 * steps.
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
   * The picture at one step.
   *
   * @param step the number of steps before it
   * @param picture a small copy of the picture
   */
  public record Frame(int step, Image picture) {
    /**
     * Makes a small copy.
     *
     * @param step the number of steps before it
     * @param picture the picture, of any size
     * @return a picture at most {@value TileSheet#TILE} pixels wide and high
     */
    public static Frame of(int step, Image picture) {
      return new Frame(step, fitted(picture, TileSheet.TILE));
    }
  }

  /**
   * Draws the sheet, 64 steps per page.
   *
   * @param dream the result of the ascent
   * @param frames pictures of some steps, in order
   * @return the pages, each 1442 pixels wide
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
            "%s %s → %s · %d %s · seed %d"
                    .formatted(
                        unit,
                        Caption.number(dream.start()),
                        Caption.number(dream.value()),
                        dream.steps(),
                        dream.steps() == 1 ? "step" : "steps",
                        dream.seed())
                + Caption.stopped(dream.stop()),
            parameters(dream.method().parameters()),
            dream.source().label(),
            engine(dream.engine()));
    List<String> notes =
        List.of(
            "Below each picture: the target's "
                + unit
                + " at a random view of the picture (moved, enlarged and rotated a little);"
                + " below the last one, at the picture itself. The curve has one point per step.");
    return new TileSheet().pages(head(dream), heading, facts, tiles, notes, null);
  }

  /** The value after a number of steps: at the next step's view, or at the final picture itself. */
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

  /** The final picture with the curve beside it. */
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
