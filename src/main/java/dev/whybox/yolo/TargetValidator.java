// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import java.util.List;

/**
 * Checks what is to be explained, before anything is run.
 *
 * @param model whose classes and anchors there are
 */
public record TargetValidator(YoloModel model) {
  /** The targets, boxes of the caller's own cut to the image. */
  public List<Target> of(Image image, List<? extends Target> targets) {
    if (targets.isEmpty()) {
      throw new BadTarget("There is nothing to explain: the list of targets is empty.");
    }
    return targets.stream().map(target -> of(target, image)).toList();
  }

  /** The target with its box inside the image. */
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
