// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import java.util.List;

/**
 * Checks targets before anything is run.
 *
 * @param model the model whose classes and anchors the targets refer to
 */
public record TargetValidator(YoloModel model) {
  /**
   * Checks targets. Boxes of the caller are clipped to the image.
   *
   * @param image the image
   * @param targets the targets, with boxes in pixels of the image
   * @return the targets, in the same order
   * @throws BadTarget if there is none, or if a target names an unknown class or anchor, or if its
   *     box covers no pixel of the image
   */
  public List<Target> of(Image image, List<? extends Target> targets) {
    if (targets.isEmpty()) {
      throw new BadTarget("There is nothing to explain: the list of targets is empty.");
    }
    return targets.stream().map(target -> of(target, image)).toList();
  }

  /** Checks one target and clips the box of a caller to the image. */
  private Target of(Target target, Image image) {
    int classes = model.info().names().size();
    if (target.classId() < 0 || target.classId() >= classes) {
      throw new BadTarget(
          "Class "
              + target.classId()
              + " is unknown: the model has classes 0 to "
              + (classes - 1)
              + ".");
    }
    Box box = target.box();
    if (box.x1() > box.x2() || box.y1() > box.y2()) {
      Box turned =
          new Box(
              Math.min(box.x1(), box.x2()),
              Math.min(box.y1(), box.y2()),
              Math.max(box.x1(), box.x2()),
              Math.max(box.y1(), box.y2()));
      throw new BadTarget(
          "The corners of the box %s are the wrong way round: x1,y1,x2,y2 must have x1 < x2 and"
                  .formatted(corners(box))
              + " y1 < y2. Was %s meant?".formatted(corners(turned)));
    }
    // Comparisons with NaN are false.
    if (!(box.clip(image.width(), image.height()).area() > 0)) {
      throw new BadTarget(
          "The box %s covers nothing of the image, whose pixels reach from 0,0 to %d,%d."
                  .formatted(corners(box), image.width(), image.height())
              + " Give x1,y1,x2,y2 with x1 < x2 and y1 < y2.");
    }
    if (target instanceof Target.Found found && !model.hasAnchor(found.detection().anchor())) {
      throw new BadTarget(
          "The detection's anchor "
              + found.detection().anchor()
              + " does not exist in this model; explain a detection with the model that made it.");
    }
    return target instanceof Target.Asked
        ? Target.of(target.region().clip(image.width(), image.height()), target.classId())
        : target;
  }

  private static String corners(Box box) {
    return box.x1() + "," + box.y1() + "," + box.x2() + "," + box.y2();
  }
}
