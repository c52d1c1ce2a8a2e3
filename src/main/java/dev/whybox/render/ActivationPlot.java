// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.graph.ActivationFunction;
import dev.whybox.image.Image;
import dev.whybox.inside.ActivationStatistics;
import dev.whybox.inside.ActivationStudy;
import dev.whybox.inside.Distribution;
import java.util.List;
import java.util.Locale;

/**
 * A plot of activation functions, one row per function: the histograms of input and output as
 * strips, with median and middle 90 %, and the shares of saturated and linear inputs and of dead
 * channels.
 */
public final class ActivationPlot {
  private static final int ROW = 24;
  private static final int GAP = 24;
  private static final int NAMES = 330;
  private static final int STRIP = 440;
  private static final int COLUMN = 120;

  /** The width of the cells at the ends of a strip that count all numbers beyond the axis. */
  private static final int END = 10;

  private static final int MARK = 0xFFFFFF;
  private static final int BOUND = 0x59D2C6;
  private static final int EMPTY = 0x0B0C0F;

  /** The colour of the bar that shows a share. */
  private static final int SHARE = 0xC65A45;

  private final Text text = new Text(17, false);
  private final Text bold = new Text(17, true);
  private final Text title = new Text(28, true);
  private final List<ActivationStatistics> all;
  private final double low;
  private final double high;

  private ActivationPlot(List<ActivationStatistics> all) {
    this.all = all;
    double least = -1;
    double greatest = 1;
    for (ActivationStatistics each : all) {
      for (Distribution distribution : List.of(each.input(), each.output())) {
        least = Math.min(least, distribution.quantile(0.005));
        greatest = Math.max(greatest, distribution.quantile(0.995));
      }
    }
    this.low = Math.max(-Distribution.REACH, Math.floor(least));
    this.high = Math.min(Distribution.REACH, Math.ceil(greatest));
  }

  /**
   * Draws the plot.
   *
   * @param study a study of at least one image
   * @return a picture 1666 pixels wide, with {@value #ROW} pixels of height per function and a head
   *     and a foot
   */
  public static Image of(ActivationStudy study) {
    return new ActivationPlot(study.statistics()).draw(study.images());
  }

  private Image draw(int images) {
    int output = GAP + NAMES + STRIP + GAP;
    int shares = output + STRIP + GAP;
    int width = shares + 3 * COLUMN + GAP;
    String foot =
        "Strips: histogram on a logarithmic scale, dark to bright; white: 5 %, 50 % and 95 %"
            + " quantile · the cells at ≤ and ≥ count all numbers beyond the axis · green: where the function becomes saturated or linear · saturated:"
            + " from here on the slope is within 0.01 of 0 · linear: the slope is within 0.01 of"
            + " 1 · dead channels:"
            + " output within 0.01 of 0 at every position of every image";
    List<String> notes = text.wrap(foot, width - 2 * GAP);
    int top = GAP + title.height() * 3 / 2 + 3 * ROW;
    int bottom = top + all.size() * ROW + GAP / 2;
    Canvas canvas = new Canvas(width, bottom + notes.size() * ROW + GAP, Footer.GROUND);
    String heading =
        "%d activation functions over %d %s"
            .formatted(all.size(), images, images == 1 ? "image" : "images");
    title.draw(canvas, heading, GAP, GAP, Footer.INK);
    int names = top - 2 * ROW;
    axis(canvas, GAP + NAMES, names, "input");
    axis(canvas, output, names, "output");
    String[] columns = {"saturated", "linear", "dead"};
    for (int i = 0; i < columns.length; i++) {
      bold.draw(canvas, columns[i], shares + i * COLUMN, names, Footer.INK);
    }
    for (int i = 0; i < all.size(); i++) {
      ActivationStatistics each = all.get(i);
      int y = top + i * ROW;
      ActivationFunction function = each.activation().function();
      String kind = function.name();
      int room = NAMES - GAP - bold.width(kind) - 8;
      text.draw(canvas, text.cut(each.layer(), room), GAP, y + 3, Footer.INK);
      text.draw(canvas, kind, GAP + NAMES - GAP - text.width(kind), y + 3, Footer.MUTED);
      strip(canvas, each.input(), GAP + NAMES, y);
      bounds(canvas, function, GAP + NAMES, y);
      strip(canvas, each.output(), output, y);
      share(canvas, each.saturated(), percent(each.saturated()), shares, y);
      boolean linear = !Double.isNaN(function.linearFrom());
      share(canvas, each.linear(), linear ? percent(each.linear()) : "-", shares + COLUMN, y);
      int dead = each.dead().length;
      share(
          canvas,
          (double) dead / each.channels(),
          dead + " of " + each.channels(),
          shares + 2 * COLUMN,
          y);
    }
    int y = bottom;
    for (String line : notes) {
      text.draw(canvas, line, GAP, y, Footer.MUTED);
      y += ROW;
    }
    return canvas.image();
  }

  private int place(double value) {
    double share = (value - low) / (high - low);
    return (int) Math.round(Math.min(Math.max(share, 0), 1) * (STRIP - 1));
  }

  private void axis(Canvas canvas, int x, int y, String name) {
    bold.draw(canvas, name, x, y, Footer.INK);
    double step = high - low > 16 ? 8 : high - low > 8 ? 4 : 2;
    for (double tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
      boolean beyond = tick <= -Distribution.REACH || tick >= Distribution.REACH;
      String sign = beyond ? tick < 0 ? "≤ " : "≥ " : "";
      String number = sign + String.format(Locale.ROOT, "%.0f", tick);
      int at = x + place(tick);
      int left = Math.min(Math.max(at - text.width(number) / 2, x), x + STRIP - text.width(number));
      text.draw(canvas, number, left, y + ROW - 3, Footer.MUTED);
      canvas.fill(at, y + 2 * ROW - 6, at + 1, y + 2 * ROW - 1, Footer.MUTED);
    }
  }

  /** Counts on a logarithmic scale from 1 to the fullest bin. */
  private void strip(Canvas canvas, Distribution distribution, int x, int y) {
    ColorMap colors = ColorMap.sequential();
    long[] counts = distribution.histogram();
    long most = 1;
    for (int i = 0; i <= Distribution.BINS + 1; i++) {
      most = Math.max(most, counts[i]);
    }
    canvas.fill(x, y, x + STRIP, y + ROW - 3, EMPTY);
    for (int column = 0; column < STRIP; column++) {
      double value = low + (column + 0.5) / STRIP * (high - low);
      int bin = (int) ((value + Distribution.REACH) / (2 * Distribution.REACH) * Distribution.BINS);
      long count = counts[1 + Math.min(Math.max(bin, 0), Distribution.BINS - 1)];
      if (column < END && low <= -Distribution.REACH) {
        count = counts[0];
      } else if (column >= STRIP - END && high >= Distribution.REACH) {
        count = counts[Distribution.BINS + 1];
      }
      if (count > 0) {
        int color = colors.at(0.08 + 0.8 * Math.log1p(count) / Math.log1p(most));
        canvas.fill(x + column, y, x + column + 1, y + ROW - 3, color);
      }
    }
    for (double share : new double[] {0.05, 0.5, 0.95}) {
      int at = x + place(distribution.quantile(share));
      int inset = share == 0.5 ? 0 : 6;
      canvas.fill(at - 1, y + inset, at + 2, y + ROW - 3 - inset, Rgb.BLACK);
      canvas.fill(at, y + inset, at + 1, y + ROW - 3 - inset, MARK);
    }
  }

  private void bounds(Canvas canvas, ActivationFunction function, int x, int y) {
    for (double bound :
        new double[] {
          function.saturatedBelow(),
          function.saturatedAbove(),
          function.linearFrom(),
          function.linearTo()
        }) {
      if (bound > low && bound < high) {
        canvas.fill(x + place(bound), y, x + place(bound) + 2, y + ROW - 3, BOUND);
      }
    }
  }

  private void share(Canvas canvas, double share, String words, int x, int y) {
    int room = COLUMN - 14;
    canvas.fill(x, y, x + room, y + ROW - 3, EMPTY);
    canvas.fill(x, y, x + (int) Math.round(share * room), y + ROW - 3, SHARE);
    text.draw(canvas, words, x + room - text.width(words) - 5, y + 2, Footer.INK);
  }

  private static String percent(double share) {
    double value = 100 * share;
    return value > 0 && value < 0.05 ? "<0.1 %" : String.format(Locale.ROOT, "%.1f %%", value);
  }
}
