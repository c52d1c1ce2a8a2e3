// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.arrowedLine;
import static org.bytedeco.opencv.global.opencv_imgproc.circle;
import static org.bytedeco.opencv.global.opencv_imgproc.getTextSize;
import static org.bytedeco.opencv.global.opencv_imgproc.line;
import static org.bytedeco.opencv.global.opencv_imgproc.putText;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import dev.whybox.report.FallbackFont;
import dev.whybox.report.PlainText;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Draws lines of text of one size in OpenCV's Hershey font, which needs no font file on the
 * machine. The font has ASCII only, so other letters come from the fonts of the system; {@code ·},
 * {@code →}, {@code ≥} and {@code ≤} are drawn here, and other characters are replaced. Text is
 * drawn large and then reduced, which makes small sizes smooth.
 */
final class Text {
  /** The height of a line of the font at scale 1, in pixels. */
  private static final double UNIT = 34;

  private static final String SEPARATOR = " · ";
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);
  private final int size;
  private final boolean bold;
  private final int enlarge;
  private final double scale;
  private final int thickness;

  /** Text with lines of {@code size} pixels height; capital letters take two thirds of that. */
  Text(int size, boolean bold) {
    this.size = size;
    this.bold = bold;
    this.enlarge = size > 48 ? 2 : 4;
    this.scale = size * enlarge / UNIT;
    this.thickness = Math.max((int) Math.round(size * enlarge * (bold ? 0.105 : 0.07)), 1);
  }

  int height() {
    return size;
  }

  /** The width of a line in pixels. */
  int width(String line) {
    return (enlarged(spaced(PlainText.of(line))) + enlarge - 1) / enlarge;
  }

  /** Draws a line with its upper left corner at (x, y). */
  void draw(Canvas canvas, String line, int x, int y, int color) {
    String text = PlainText.of(line);
    int width = width(line);
    if (width == 0) {
      return;
    }
    byte[] mask = new byte[width * size];
    try (Mat large = new Mat(size * enlarge, width * enlarge, CV_8UC1, Scalar.BLACK);
        Mat small = new Mat();
        Size reduced = new Size(width, size);
        Point origin = new Point(thickness / 2, (int) (size * enlarge * 0.71))) {
      int pen = 0;
      for (String run : runs(text)) {
        if (own(run)) {
          origin.x(pen + thickness / 2);
          putText(
              large,
              spaced(run),
              origin,
              FONT_HERSHEY_SIMPLEX,
              scale,
              Scalar.WHITE,
              thickness,
              LINE_AA,
              false);
        } else {
          foreign(large, run, pen);
        }
        pen += enlarged(spaced(run));
      }
      drawSigns(large, text);
      resize(large, small, reduced, 0, 0, INTER_AREA);
      small.data().get(mask);
    }
    canvas.tint(mask, width, x, y, color);
  }

  /** Draws the dots and arrows over the spaces that stand for them. */
  private void drawSigns(Mat large, String text) {
    int middle = (int) (size * enlarge * 0.46);
    for (int i = 0; i < text.length(); i++) {
      char sign = text.charAt(i);
      if (sign == PlainText.AT_LEAST || sign == PlainText.AT_MOST) {
        bar(large, text, i);
      }
      if (sign == PlainText.DOT || sign == PlainText.ARROW) {
        int left = enlarged(spaced(text.substring(0, i)));
        int right = enlarged(spaced(text.substring(0, i + 1)));
        try (Point from = new Point(left, middle);
            Point to = new Point(right, middle);
            Point centre = new Point((left + right) / 2, middle)) {
          if (sign == PlainText.DOT) {
            circle(large, centre, thickness, Scalar.WHITE, -1, LINE_AA, 0);
          } else {
            arrowedLine(large, from, to, Scalar.WHITE, thickness, LINE_AA, 0, 0.35);
          }
        }
      }
    }
  }

  /** Draws the lower bar of ≥ and ≤; the sign above it is the font's own. */
  private void bar(Mat large, String text, int at) {
    int y = (int) (size * enlarge * 0.76);
    int left = enlarged(spaced(text.substring(0, at))) + thickness;
    int right = enlarged(spaced(text.substring(0, at + 1))) - thickness;
    try (Point from = new Point(left, y);
        Point to = new Point(right, y)) {
      line(large, from, to, Scalar.WHITE, thickness, LINE_AA, 0);
    }
  }

  private int enlarged(String text) {
    int width = 0;
    for (String run : runs(text)) {
      width += own(run) ? ownWidth(run) : foreignWidth(run);
    }
    return width;
  }

  private int foreignWidth(String run) {
    return (int) Math.ceil(letters().getStringBounds(run, CONTEXT).getWidth());
  }

  /** A font of the system, with capital letters as high as those of the own font. */
  private Font letters() {
    return FallbackFont.of((int) (size * enlarge * 0.82), bold);
  }

  /** Draws letters that the own font lacks. */
  private void foreign(Mat large, String run, int x) {
    int width = Math.min(foreignWidth(run), large.cols() - x);
    if (width < 1) {
      return;
    }
    BufferedImage picture = new BufferedImage(width, large.rows(), BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D pen = picture.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.setFont(letters());
    pen.drawString(run, 0, (int) (size * enlarge * 0.71));
    pen.dispose();
    byte[] gray = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
    for (int y = 0; y < large.rows(); y++) {
      large.ptr(y, x).put(gray, y * width, width);
    }
  }

  /** Cuts a text into pieces that are each drawn in one font. */
  private static List<String> runs(String text) {
    List<String> runs = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
      if (PlainText.own(text.codePointAt(at)) != PlainText.own(text.codePointAt(from))) {
        runs.add(text.substring(from, at));
        from = at;
      }
    }
    if (from < text.length()) {
      runs.add(text.substring(from));
    }
    return runs;
  }

  private static boolean own(String run) {
    return PlainText.own(run.codePointAt(0));
  }

  private int ownWidth(String text) {
    try (Size size = getTextSize(text, FONT_HERSHEY_SIMPLEX, scale, thickness, new int[1])) {
      return size.width();
    }
  }

  private static String spaced(String text) {
    return text.replace(String.valueOf(PlainText.DOT), " ")
        .replace(String.valueOf(PlainText.ARROW), "  ")
        .replace(PlainText.AT_LEAST, '>')
        .replace(PlainText.AT_MOST, '<');
  }

  /**
   * Breaks a text into lines that fit: at its dots, or else at its spaces. A word that does not fit
   * is cut.
   */
  List<String> wrap(String text, int limit) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String item : text.split(SEPARATOR)) {
      String longer = line.isEmpty() ? item : line + SEPARATOR + item;
      if (width(longer) <= limit) {
        line = longer;
        continue;
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
      line = words(item, limit, lines);
    }
    lines.add(line);
    return lines;
  }

  /** Breaks one item into lines, adds the full lines to the list and returns the last line. */
  private String words(String item, int limit, List<String> lines) {
    String line = "";
    for (String word : item.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (width(longer) <= limit) {
        line = longer;
        continue;
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
      line = cut(word, limit);
    }
    return line;
  }

  /** The text, shortened with dots at its end if it does not fit. */
  String cut(String text, int limit) {
    if (width(text) <= limit) {
      return text;
    }
    int keep = text.length();
    while (keep > 0 && width(text.substring(0, keep) + "...") > limit) {
      keep--;
    }
    return text.substring(0, keep) + "...";
  }
}
