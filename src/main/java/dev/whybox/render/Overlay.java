// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.explain.Explanation;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.report.Caption;
import dev.whybox.yolo.Target;

/**
 * One target's map over its image, for a person to look at.
 *
 * <p>The picture keeps the image's own resolution. Below it a strip says the class and score, what
 * the colours mean, and everything that is needed to make the map again. Maps without sign go from
 * their least to their greatest value; signed maps are symmetric about 0, blue against and red for.
 */
public final class Overlay {
  private static final int BOX = Rgb.WHITE;

  /** The footer of a narrower image is this wide, so that it can be read. */
  private static final int LEAST_WIDTH = 360;

  private Overlay() {}

  /**
   * Draws the picture.
   *
   * @param explanation what to draw
   * @return an image at least as wide and higher than the explained one, whose pixels start at the
   *     upper left corner
   */
  public static Image of(Explanation explanation) {
    Image picture = explanation.image();
    float[] map = explanation.map();
    Scale scale = Scale.of(map, explanation);
    int width = Math.max(picture.width(), LEAST_WIDTH);
    int size = textSize(width, picture.height());
    Footer footer = new Footer(explanation, scale, width, size);
    int height = Math.addExact(picture.height(), footer.height());
    Canvas canvas = new Canvas(width, height, Footer.GROUND);
    canvas.draw(Heat.over(picture, map, scale), 0, 0);
    BoxMark mark = new BoxMark(size);
    Target target = explanation.target();
    Box whole = new Box(0, 0, picture.width(), picture.height());
    mark.box(canvas, target.box(), 0, 0, target instanceof Target.Asked, BOX);
    mark.label(canvas, target.box(), whole, Caption.title(explanation), BOX);
    canvas.fill(picture.width(), 0, width, picture.height(), Footer.GROUND);
    canvas.fill(0, picture.height(), width, height, Footer.GROUND);
    footer.draw(canvas, picture.height());
    return canvas.image();
  }

  /** The height of a line of text that reads well on a picture of this size. */
  static int textSize(int width, int height) {
    return (int) Math.min(Math.max(Math.min(width, 1.6 * height) / 40, 14), 140);
  }
}
