// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import dev.whybox.image.Letterbox;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Other objects of a target's class that overlap with it. A candidate that overlaps more with one
 * of them speaks for that one, as non-maximum suppression would decide, and not for the target.
 * Else a strong neighbour in a crowd would be explained in place of a weaker target.
 */
public final class Rivals {
  /** A detection that overlaps so much with a box that the user asks about is what he means. */
  private static final float SAME = 0.3f;

  private final List<Near> targets;

  /**
   * What lies near a target, in pixels of the input.
   *
   * @param own the bounds of the detection that is meant; null where none is
   * @param others the bounds of its rivals; empty where it has none
   */
  record Near(Box own, List<Box> others) {}

  private Rivals(List<Near> targets) {
    this.targets = targets;
  }

  /**
   * No target has a rival.
   *
   * @param targets how many targets there are
   * @return empty lists
   */
  public static Rivals none(int targets) {
    return new Rivals(Collections.nCopies(targets, new Near(null, List.of())));
  }

  /**
   * The rivals among the detections of the image.
   *
   * @param targets what is explained
   * @param detections all that the detector finds in the unperturbed image
   * @param letterbox fits the image into the input
   * @return for each target the detections of its class that overlap with it, but for the one that
   *     is meant
   */
  public static Rivals of(
      List<? extends Target> targets, List<Detection> detections, Letterbox letterbox) {
    List<Near> all = new ArrayList<>();
    for (Target target : targets) {
      List<Detection> near =
          detections.stream()
              .filter(other -> other.classId() == target.classId())
              .filter(other -> other.box().iou(target.box()) > 0)
              .toList();
      Detection own = own(target, near);
      List<Box> others =
          near.stream()
              .filter(other -> other != own)
              .map(other -> other.region().toInput(letterbox).bounds())
              .toList();
      all.add(new Near(own == null ? null : own.region().toInput(letterbox).bounds(), others));
    }
    return new Rivals(all);
  }

  /**
   * The detection that is meant: itself, or the one that overlaps most; null where there is none.
   */
  private static Detection own(Target target, List<Detection> near) {
    if (target instanceof Target.Found found) {
      return near.stream()
          .filter(other -> other.anchor() == found.detection().anchor())
          .findFirst()
          .orElse(null);
    }
    return near.stream()
        .filter(other -> target.region().similarity(other.region()) >= SAME)
        .max(Comparator.comparing(other -> target.region().similarity(other.region())))
        .orElse(null);
  }

  /** What lies near a target. */
  Near near(int target) {
    return targets.get(target);
  }

  /**
   * Whether any target has a rival.
   *
   * @return false where every candidate may speak for every target
   */
  public boolean any() {
    return targets.stream().anyMatch(near -> !near.others().isEmpty());
  }
}
