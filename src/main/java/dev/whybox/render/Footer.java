// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.explain.Explanation;
import dev.whybox.explain.MapUnit;
import dev.whybox.report.Caption;
import java.util.ArrayList;
import java.util.List;

/** The strip below a picture: title, scores, colour bar with numbers, caveats, method. */
final class Footer {
  /** The background colour of the strip. */
  static final int GROUND = 0x16181D;

  static final int INK = 0xF2F3F5;
  static final int MUTED = 0xA4A9B3;

  /** The colour of caveats. */
  static final int ALARM = 0xFFB454;

  private final Text title;
  private final Text text;
  private final int width;
  private final int pad;
  private final String name;
  private final List<String> scores;
  private final List<String> method;
  private final List<String> caveats;
  private final boolean oneLine;
  private final Scale scale;
  private final MapUnit unit;

  /**
   * The footer of an explanation, {@code width} pixels wide, for text of {@code size} pixels.
   *
   * @param drawn how the picture is drawn, words for the end of the caption
   */
  Footer(Explanation explanation, Scale scale, String drawn, int width, int size) {
    this.title = new Text(size * 5 / 4, true);
    this.text = new Text(size, false);
    this.width = width;
    this.pad = size;
    this.scale = scale;
    this.unit = explanation.method().kind().unit();
    int inner = width - 2 * pad;
    this.name = title.cut(Caption.title(explanation), inner);
    String line = Caption.scores(explanation);
    this.oneLine = title.width(name) + 2 * pad + text.width(line) <= inner;
    this.scores = oneLine ? List.of(line) : text.wrap(line, inner);
    this.method = text.wrap(Caption.method(explanation) + drawn, inner);
    this.caveats = new ArrayList<>();
    Caption.caveats(explanation).forEach(caveat -> caveats.addAll(text.wrap(caveat, inner)));
  }

  int height() {
    int lines = method.size() + caveats.size() + (oneLine ? 0 : scores.size());
    return pad + title.height() + pad / 2 + barHeight() + 2 * pad + lines * lineHeight() + pad;
  }

  /** Draws the footer with its upper edge at {@code top}. */
  void draw(Canvas canvas, int top) {
    int y = top + pad;
    title.draw(canvas, name, pad, y, INK);
    if (oneLine) {
      int x = width - pad - text.width(scores.get(0));
      text.draw(canvas, scores.get(0), x, y + title.height() - text.height(), MUTED);
    }
    y += title.height() + pad / 2;
    if (!oneLine) {
      y = lines(canvas, scores, y, MUTED);
    }
    y = lines(canvas, caveats, y, ALARM);
    y = bar(canvas, y);
    lines(canvas, method, y + pad / 2, MUTED);
  }

  private int lines(Canvas canvas, List<String> lines, int y, int color) {
    for (String line : lines) {
      text.draw(canvas, line, pad, y, color);
      y += lineHeight();
    }
    return y;
  }

  private int bar(Canvas canvas, int top) {
    ColorBar bar = ColorBar.of(scale, unit);
    bar.draw(canvas, text, pad, top, width - 2 * pad, barHeight());
    return top + ColorBar.height(barHeight(), text.height());
  }

  private int barHeight() {
    return Math.max(pad * 3 / 4, 6);
  }

  private int lineHeight() {
    return text.height() * 4 / 3;
  }
}
