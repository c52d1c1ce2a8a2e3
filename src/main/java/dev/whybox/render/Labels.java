// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Box;
import java.util.ArrayList;
import java.util.List;

/**
 * Places the labels of a picture's boxes. No two labels overlap, every label lies inside the
 * picture, and of the free places the one is taken that hides the least of any box. A label that
 * stands apart from its box has a line to it. A label without a free place is left out.
 */
final class Labels {
  /** A place at the box is preferred unless it hides this share of a box, or more. */
  private static final double APART = 0.4;

  /** The number alone is taken if it saves this much. */
  private static final double SHORTER = 0.2;

  private final BoxMark mark;
  private final Box picture;
  private final List<Box> boxes;
  private final List<Placed> placed = new ArrayList<>();

  /**
   * Labels for a picture.
   *
   * @param picture the area for labels, in pixels of the canvas
   * @param boxes all boxes of the picture, in pixels of the canvas
   */
  Labels(BoxMark mark, Box picture, List<Box> boxes) {
    this.mark = mark;
    this.picture = picture;
    this.boxes = boxes;
  }

  /**
   * A place for a label, and what it costs: the shares of boxes that it hides, and its distance.
   */
  private record Place(Box area, double cost, boolean apart) {}

  /** A label that has its place. */
  private record Placed(Box box, Place place, String words, int color) {}

  /**
   * Places a label at a box. The most important label comes first.
   *
   * @param box in pixels of the canvas
   * @param label the words
   * @param brief fewer words, for where there is little room
   * @return false if there is no free place
   */
  boolean add(Box box, String label, String brief, int color) {
    Place place = best(box, mark.labelWidth(label));
    String words = label;
    if (!brief.equals(label) && (place == null || place.cost() > SHORTER)) {
      Place smaller = best(box, mark.labelWidth(brief));
      if (smaller != null && (place == null || smaller.cost() + SHORTER < place.cost())) {
        place = smaller;
        words = brief;
      }
    }
    if (place == null) {
      return false;
    }
    placed.add(new Placed(box, place, words, color));
    return true;
  }

  /** Draws all labels, the lines first, so that no line crosses a label. */
  void draw(Canvas canvas) {
    for (Placed each : placed) {
      Box box = each.box();
      Box area = each.place().area();
      if (each.place().apart()) {
        canvas.line(
            clamp(middle(box), area.x1(), area.x2()),
            clamp(centre(box), area.y1(), area.y2()),
            clamp(middle(area), box.x1(), box.x2()),
            clamp(centre(area), box.y1(), box.y2()),
            each.color());
      }
    }
    for (Placed each : placed) {
      Box area = each.place().area();
      mark.label(canvas, (int) area.x1(), (int) area.y1(), each.words(), each.color());
    }
  }

  private Place best(Box box, int width) {
    int height = mark.labelHeight();
    if (width > width(picture) || 2 * height > height(picture)) {
      return null;
    }
    int edge = mark.edge();
    int left = Math.round(box.x1()) - edge;
    int right = Math.round(box.x2()) + edge - width;
    int above = Math.round(box.y1()) - edge - height;
    int below = Math.round(box.y2()) + edge;
    List<Place> places = new ArrayList<>();
    row(places, box, width, above, left, right, 0);
    row(places, box, width, above + height, left, right, 0.05);
    row(places, box, width, below - height, left, right, 0.1);
    row(places, box, width, below, left, right, 0.15);
    add(places, box, width, right + width, above + height, 0.2, false);
    add(places, box, width, left - width, above + height, 0.2, false);
    add(places, box, width, right + width, below - height, 0.22, false);
    add(places, box, width, left - width, below - height, 0.22, false);
    Place best = least(places);
    if (best != null && best.cost() < APART) {
      return best;
    }
    double reach = Math.hypot(width(picture), height(picture));
    for (int y = (int) picture.y1(); y + height <= picture.y2(); y += height) {
      for (int x = (int) picture.x1(); x + width <= picture.x2(); x += Math.max(width / 2, 1)) {
        double away = Math.hypot(x + width / 2.0 - middle(box), y + height / 2.0 - centre(box));
        add(places, box, width, x, y, APART + away / reach, true);
      }
    }
    return least(places);
  }

  /** Places along a horizontal line, from the left end of the box to its right end. */
  private void row(
      List<Place> places, Box box, int width, int y, int left, int right, double cost) {
    add(places, box, width, left, y, cost, false);
    add(places, box, width, right, y, cost + 0.02, false);
    for (int x = left + width; x < right; x += width) {
      add(places, box, width, x, y, cost + 0.04, false);
    }
  }

  private void add(
      List<Place> places, Box box, int width, int x, int y, double cost, boolean apart) {
    int height = mark.labelHeight();
    // Labels of boxes at the picture's sides move inwards, but not past their box.
    int inside = (int) clamp(x, picture.x1(), picture.x2() - width);
    Box area = new Box(inside, y, inside + width, y + height);
    boolean past = !apart && Math.abs(inside - x) >= width;
    if (past || y < picture.y1() || y + height > picture.y2()) {
      return;
    }
    for (Placed other : placed) {
      if (common(area, other.place().area()) > 0) {
        return;
      }
    }
    double hidden = 0;
    for (Box other : boxes) {
      hidden += common(area, other) / Math.max(other.area(), 1);
    }
    places.add(new Place(area, cost + hidden, apart));
  }

  private static Place least(List<Place> places) {
    Place best = null;
    for (Place place : places) {
      best = best == null || place.cost() < best.cost() ? place : best;
    }
    return best;
  }

  private static double common(Box a, Box b) {
    double width = Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1());
    double height = Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1());
    return width > 0 && height > 0 ? width * height : 0;
  }

  private static double width(Box box) {
    return box.x2() - box.x1();
  }

  private static double height(Box box) {
    return box.y2() - box.y1();
  }

  private static double middle(Box box) {
    return (box.x1() + box.x2()) / 2.0;
  }

  private static double centre(Box box) {
    return (box.y1() + box.y2()) / 2.0;
  }

  private static double clamp(double value, double low, double high) {
    return Math.min(Math.max(value, low), Math.max(low, high));
  }
}
