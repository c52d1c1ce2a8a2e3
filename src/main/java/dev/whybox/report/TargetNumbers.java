// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.explain.Explanation;
import dev.whybox.image.Keypoints;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The numbers of targets in files, pictures and JSON. A detection's number is its position in the
 * list of detections. Boxes that the user asked about get the numbers after the last detection.
 */
public final class TargetNumbers {
  private TargetNumbers() {}

  /**
   * Numbers the targets.
   *
   * @param explanations the explanations
   * @param detections all detections of the image, the highest score first
   * @return one number per explanation, in the same order
   */
  public static List<Integer> of(List<Explanation> explanations, List<Detection> detections) {
    List<Integer> numbers = new ArrayList<>();
    int next = detections.size();
    for (Explanation explanation : explanations) {
      int found =
          explanation.target() instanceof Target.Found target
              ? position(target.detection(), detections)
              : -1;
      numbers.add(found >= 0 ? found : next++);
    }
    return numbers;
  }

  /** A keypoint has the number of its body. */
  private static int position(Detection wanted, List<Detection> detections) {
    boolean keypoint = wanted.region() instanceof Keypoints body && body.chosen() >= 0;
    for (int i = 0; keypoint && i < detections.size(); i++) {
      if (detections.get(i).anchor() == wanted.anchor()) {
        return i;
      }
    }
    return detections.indexOf(wanted);
  }

  /**
   * The numbers 0 to count − 1.
   *
   * @param count at least 0
   * @return the numbers, in ascending order
   */
  public static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
