// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.whitebox.EigenCam;
import dev.whybox.whitebox.GradCam;
import dev.whybox.whitebox.GradCamPlusPlus;
import dev.whybox.whitebox.HiResCam;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.XGradCam;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The pointing game (Zhang et al. 2016) on scenes whose truth is known: the cause of every
 * detection is the cut-out that was pasted there, so a true map peaks inside its mask.
 */
@Tag("slow")
class GroundTruthTest {

  /** Measured are 26 of 27; the one peak beside its object lies between an animal's legs. */
  @Test
  void dRisePeaksInsideTheObject() {
    assertTrue(share(new DRise()) >= 0.95);
  }

  @Test
  void shapPeaksInsideTheObject() {
    assertTrue(share(new Shap()) >= 0.95);
  }

  @Test
  void limePeaksInsideTheObject() {
    assertTrue(share(new Lime()) >= 0.95);
  }

  @Test
  void layerCamPeaksInsideTheObject() {
    assertTrue(share(new LayerCam()) >= 0.9);
  }

  @Test
  void integratedGradientsPeakInsideTheObject() {
    assertTrue(share(new IntegratedGradients()) >= 0.9);
  }

  /** Prints the table in docs/methods.md: every CAM at the default's layers and at each other. */
  @Test
  void noChoiceOfLayersIsBetterThanTheDefault() {
    List<List<String>> choices = new ArrayList<>(List.of(List.of()));
    for (int layer : new int[] {15, 12, 9, 6, 4}) {
      choices.add(List.of("model." + layer));
    }
    List<Function<List<String>, Method>> cams =
        List.of(
            HiResCam::new,
            LayerCam::new,
            XGradCam::new,
            GradCamPlusPlus::new,
            GradCam::new,
            EigenCam::new);
    int best = 0;
    int standard = 0;
    try (Whybox whybox = Whybox.bundled(Options.DEFAULT)) {
      for (Function<List<String>, Method> cam : cams) {
        StringBuilder row = new StringBuilder();
        for (List<String> layers : choices) {
          Game game = play(whybox, cam.apply(layers));
          row.append(" | ").append(game.hits);
          best = Math.max(best, game.hits);
          if (layers.isEmpty() && cam.apply(layers) instanceof LayerCam) {
            standard = game.hits;
          }
        }
        System.out.println("Pointing table | " + cam.apply(List.of()).name() + row + " |");
      }
    }
    assertTrue(standard >= best, "LayerCAM " + standard + ", the best choice " + best);
  }

  /** Peaks inside the object, of so many detections. */
  private record Game(int hits, int detections, List<String> misses) {}

  private static double share(Method method) {
    try (Whybox whybox = Whybox.bundled(Options.DEFAULT)) {
      Game game = play(whybox, method);
      System.out.printf(
          "Pointing game, %s: %d of %d peaks inside the object; misses: %s%n",
          method.name(), game.hits, game.detections, game.misses);
      return (double) game.hits / game.detections;
    }
  }

  private static Game play(Whybox whybox, Method method) {
    int hits = 0;
    List<String> misses = new ArrayList<>();
    int detections = 0;
    for (Samples.Scene scene : Samples.all()) {
      Image image = Image.read(scene.image());
      Image mask = Image.read(scene.mask());
      List<Target> targets = new ArrayList<>();
      List<Samples.Thing> things = new ArrayList<>();
      for (Detection detection : whybox.detect(image)) {
        scene.objects().stream()
            .filter(thing -> thing.classId() == detection.classId())
            .filter(thing -> thing.box().iou(detection.box()) >= 0.5)
            .findFirst()
            .ifPresent(
                thing -> {
                  targets.add(Target.of(detection));
                  things.add(thing);
                });
      }
      if (targets.isEmpty()) {
        continue;
      }
      List<Explanation> found =
          whybox.explain(image, targets, method, Budget.DEFAULT, ProgressListener.NONE);
      for (int t = 0; t < targets.size(); t++) {
        detections++;
        int peak = peak(found.get(t));
        if ((mask.rgb()[3 * peak] & 0xff) == things.get(t).id()) {
          hits++;
        } else {
          misses.add(scene.image().getFileName() + " " + found.get(t).className());
        }
      }
    }
    assertTrue(detections >= 15, "too few correct detections: " + detections);
    return new Game(hits, detections, misses);
  }

  /** The pixel of the maximum; of several, the one nearest to their centre. */
  private static int peak(Explanation explanation) {
    float[] map = explanation.map();
    int width = explanation.image().width();
    assertEquals(width * explanation.image().height(), map.length);
    float max = Float.NEGATIVE_INFINITY;
    for (float value : map) {
      max = Math.max(max, value);
    }
    double x = 0;
    double y = 0;
    int count = 0;
    for (int p = 0; p < map.length; p++) {
      if (map[p] == max) {
        x += p % width;
        y += p / width;
        count++;
      }
    }
    return (int) Math.round(y / count) * width + (int) Math.round(x / count);
  }
}
