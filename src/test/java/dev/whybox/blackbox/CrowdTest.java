// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.FakeEngine;
import dev.whybox.engine.Turns;
import dev.whybox.evaluate.CpuEvaluators;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.report.Caveats;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.DetectorPool;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two overlapping objects of one class whose reasons are known: the weaker one is seen by the first
 * column of the picture alone, the stronger one by the last column alone.
 */
class CrowdTest {
  private static final int SIZE = 32;
  private static final int ANCHORS = 4 * 4 + 2 * 2 + 1;

  /** They are 26 wide, 6 apart: IoU 20 / 32 = 0.625. */
  private static final Box WEAK = new Box(0, 0, 26, 32);

  private static final Box STRONG = new Box(6, 0, 32, 32);

  private final FakeEngine engine = new FakeEngine(SIZE, 1, CrowdTest::model);
  private final YoloModel model = new YoloModel(engine, "fake", "", 0);
  private final DetectorPool detector = new DetectorPool(model, 1, new Turns());

  private static void model(float[] image, float[] output) {
    Arrays.fill(output, 0);
    put(output, 0, WEAK, 0.55 * column(image, 0));
    put(output, 1, STRONG, 0.95 * column(image, SIZE - 8));
  }

  /** The mean of eight columns, 0 for gray and 1 for white. */
  private static double column(float[] image, int from) {
    double sum = 0;
    for (int y = 0; y < SIZE; y++) {
      for (int x = from; x < from + 8; x++) {
        sum += image[y * SIZE + x];
      }
    }
    double gray = 114 / 255.0;
    return (sum / (8 * SIZE) - gray) / (1 - gray);
  }

  private static void put(float[] output, int anchor, Box box, double probability) {
    output[anchor] = (box.x1() + box.x2()) / 2;
    output[ANCHORS + anchor] = (box.y1() + box.y2()) / 2;
    output[2 * ANCHORS + anchor] = box.x2() - box.x1();
    output[3 * ANCHORS + anchor] = box.y2() - box.y1();
    output[4 * ANCHORS + anchor] = (float) probability;
  }

  private static Image white() {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    Arrays.fill(rgb, (byte) 255);
    return Image.ofRgb(SIZE, SIZE, rgb);
  }

  private Explanation explain(Image image, Target target, TargetSimilarity similarity) {
    Shap shap = new Shap(Segmentation.grid(1, 4), Baseline.GRAY, similarity);
    return new Explainer(model, CpuEvaluators.of(model, 1, 1), 1, new Turns(), detector::known)
        .explain(image, List.of(target), shap, Budget.DEFAULT, ProgressListener.NONE, () -> false)
        .get(0);
  }

  private static double[] values(Explanation found) {
    return ((SegmentValues) found.attribution()).values();
  }

  /** Without a rule 0.95 · IoU 0.625 = 0.59 of the neighbour would speak for the weaker one. */
  @Test
  void aStrongNeighbourDoesNotSpeakForAnother() {
    Image image = white();
    List<Detection> found = detector.detect(image, 0.25f, 0.7f);
    assertEquals(2, found.size());
    Explanation weak = explain(image, Target.of(found.get(1)), TargetSimilarity.PROBABILITY);
    assertEquals(0.55, weak.fullScore(), 1e-5);
    assertArrayEquals(new double[] {0.55, 0, 0, 0}, values(weak), 1e-5);
    assertTrue(Caveats.of(weak).isEmpty(), Caveats.of(weak)::toString);
    Explanation strong = explain(image, Target.of(found.get(0)), TargetSimilarity.PROBABILITY);
    assertArrayEquals(new double[] {0, 0, 0, 0.95}, values(strong), 1e-5);
    // The detections were known.
    assertEquals(2 + strong.samples(), strong.forwards());
  }

  /** The box that the user asks about means the detection that it overlaps most. */
  @Test
  void anAskedBoxMeansItsOwnObject() {
    Target asked = Target.of(new Box(0, 0, 25, 32), 0);
    Explanation why = explain(white(), asked, TargetSimilarity.PROBABILITY);
    // The stronger one would give 0.95 · 19 / 32 = 0.56.
    assertEquals(0.55 * 25 / 26, why.fullScore(), 1e-5);
    assertEquals(3 + why.samples(), why.forwards(), "the detections were looked for");
    Explanation narrow =
        explain(white(), Target.of(new Box(0, 0, 13, 32), 0), TargetSimilarity.PROBABILITY);
    // The weaker one overlaps by 13/26, the stronger one by 7/32.
    assertEquals(0.55 * 13 / 26, narrow.fullScore(), 1e-5);
    assertArrayEquals(new double[] {0.275, 0, 0, 0}, values(narrow), 1e-5);
  }

  /** As in D-RISE's paper all candidates may speak; the caveat says where another one does. */
  @Test
  void withoutTheRuleACaveatSaysSo() {
    Image image = white();
    Detection weak = detector.detect(image, 0.25f, 0.7f).get(1);
    Explanation why =
        new Explainer(model, 1, 1)
            .explain(
                image,
                List.of(Target.of(weak)),
                new Shap(Segmentation.grid(1, 4), Baseline.GRAY, TargetSimilarity.PROBABILITY),
                Budget.DEFAULT,
                ProgressListener.NONE,
                () -> false)
            .get(0);
    assertEquals(0.95 * 0.625, why.fullScore(), 1e-5);
    assertTrue(
        Caveats.of(why).stream().anyMatch(text -> text.contains("scores 0.594, more than")),
        Caveats.of(why)::toString);
  }
}
