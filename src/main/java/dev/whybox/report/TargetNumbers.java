// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.explain.Explanation;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The targets' numbers in files, pictures and JSON. A detection keeps its place in the list of
 * detections; boxes that the user asks about are numbered on from there.
 */
public final class TargetNumbers {
  private TargetNumbers() {}

  /**
   * TargetNumbers the targets.
   *
   * @param explanations the explanations
   * @param detections all detections of the image, the surest first
   * @return a number for each explanation
   */
  public static List<Integer> of(List<Explanation> explanations, List<Detection> detections) {
    List<Integer> numbers = new ArrayList<>();
    int next = detections.size();
    for (Explanation explanation : explanations) {
      int found =
          explanation.target() instanceof Target.Found target
              ? detections.indexOf(target.detection())
              : -1;
      numbers.add(found >= 0 ? found : next++);
    }
    return numbers;
  }

  public static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
