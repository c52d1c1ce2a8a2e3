// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.explain.Explanation;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.report.Caption;
import dev.whybox.yolo.Target;

/**
 * Draws one target's map over its image.
 *
 * <p>The picture keeps the image's resolution. A strip below it shows the class and score, the
 * meaning of the colours, and everything that is needed to make the map again. The colours of maps
 * without sign go from the lowest to the highest value. Those of signed maps are symmetric about 0:
 * blue is against the target, red for it.
 */
public final class Overlay {
  private static final int BOX = Rgb.WHITE;

  /** The smallest width of the footer, so that its text can be read. */
  private static final int LEAST_WIDTH = 360;

  private Overlay() {}

  /**
   * Draws the picture.
   *
   * @param explanation the explanation to draw
   * @return a picture with the image at its upper left corner and the strip below
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
    mark.region(canvas, target.region(), 1, 0, 0, target instanceof Target.Asked, BOX);
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
