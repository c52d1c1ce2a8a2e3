// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.blackbox.Shap;
import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SHAP from coarse to fine on a real detector and a scene whose truth is known. */
class RefineTest {

  @Test
  void finePeaksInsideTheObjects() {
    Samples.Scene scene =
        Samples.all().stream()
            .filter(each -> each.image().endsWith("garden.jpg"))
            .findFirst()
            .orElseThrow();
    Image image = Image.read(scene.image());
    Image mask = Image.read(scene.mask());
    Shap shap =
        new Shap()
            .withSegmentation(Segmentation.grid(16, 16))
            .withEstimator(ShapleyEstimatorKind.REFINE);
    try (Whybox whybox = Whybox.bundled(Options.DEFAULT.withSize(320))) {
      List<Target> targets = new ArrayList<>();
      List<Integer> ids = new ArrayList<>();
      for (Detection detection : whybox.detect(image)) {
        scene.objects().stream()
            .filter(thing -> thing.classId() == detection.classId())
            .filter(thing -> thing.box().iou(detection.box()) >= 0.5)
            .forEach(
                thing -> {
                  targets.add(Target.of(detection));
                  ids.add(thing.id());
                });
      }
      assertTrue(!targets.isEmpty(), "nothing is found");
      List<Explanation> found =
          whybox.explain(
              image, targets, shap, Budget.DEFAULT.withSamples(160), ProgressListener.NONE);
      for (int t = 0; t < ids.size(); t++) {
        Explanation each = found.get(t);
        double inside = inside(each, mask, ids.get(t));
        assertTrue(inside > 0.25, each.className() + ": " + inside + " of the peak's block");
        SegmentValues values = (SegmentValues) each.attribution();
        assertTrue(Arrays.stream(values.standardErrors()).allMatch(Double::isFinite));
        assertTrue(Arrays.stream(values.standardErrors()).anyMatch(error -> error > 0));
        double fall = each.fullScore() - each.baselineScore();
        assertEquals(fall, Arrays.stream(values.values()).sum(), 1e-6);
        assertTrue(values.segments().count() > 16 && values.segments().count() < 256);
      }
    }
  }

  /** How much of the map's highest block is the object's; of the picture it is some 4 %. */
  private static double inside(Explanation explanation, Image mask, int id) {
    float[] map = explanation.map();
    float most = Float.NEGATIVE_INFINITY;
    for (float value : map) {
      most = Math.max(most, value);
    }
    double all = 0;
    double hits = 0;
    for (int pixel = 0; pixel < map.length; pixel++) {
      if (map[pixel] == most) {
        all++;
        hits += (mask.rgb()[3 * pixel] & 0xff) == id ? 1 : 0;
      }
    }
    return hits / all;
  }
}
