// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Region;
import dev.whybox.image.RotatedBox;
import java.util.List;
import java.util.stream.Collectors;

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
   * @throws BadTarget if there is none, or if a target names an unknown class or anchor, if its
   *     region is of a kind that the model does not find, or if it covers no pixel of the image
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
    List<Region.Kind> kinds = model.head().regions();
    if (!kinds.contains(target.region().kind())) {
      throw new BadTarget(
          "A target of this model (task %s) is a region of the kind %s, but this one is a %s."
              .formatted(
                  model.info().task(),
                  kinds.stream().map(Region.Kind::label).collect(Collectors.joining(" or ")),
                  target.region().kind().label()));
    }
    if (target.region() instanceof RotatedBox turned
        && !(turned.width() > 0 && turned.height() > 0)) {
      throw new BadTarget(
          "The sides of a rotated box must be above 0, but are %s and %s."
              .formatted(turned.width(), turned.height()));
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
