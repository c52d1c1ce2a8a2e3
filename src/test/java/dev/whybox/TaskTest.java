// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.adapt.Adapter;
import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Shap;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.evaluate.CpuBackend;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.GradientModels.Key;
import dev.whybox.gradient.GradientPass;
import dev.whybox.gradient.LossScale;
import dev.whybox.graph.Origin;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Keypoints;
import dev.whybox.perturb.Segmentation;
import dev.whybox.whitebox.GradCam;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.Saliency;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of the tasks beside detection are explained by every method. */
class TaskTest {
  private static final int DIRECTIONS = 3;

  private static Path model(String name) {
    return SharedFiles.require("models/" + name + ".onnx").path();
  }

  private static Image image(String name) {
    return Image.read(SharedFiles.require("images/" + name).path());
  }

  private static double sum(Explanation why) {
    return Arrays.stream(((SegmentValues) why.attribution()).values()).sum();
  }

  @ParameterizedTest
  @CsvSource({
    "yolov8n-obb, harbour-obb.jpg",
    "yolov8n-cls, chelsea.png",
    "yolov8n-seg, chelsea.png",
    "yolov8n-pose, bus.jpg"
  })
  void everyMethodExplains(String name, String picture) {
    Image image = image(picture);
    try (Whybox whybox = Whybox.open(model(name))) {
      List<Detection> detections = whybox.detect(image);
      Detection found = detections.get(0);
      List<Target> targets = List.of(Target.of(found), Target.of(found.region(), found.classId()));
      Shap shap = new Shap(Segmentation.grid(2, 2), new Shap().baseline(), new Shap().similarity());
      for (Explanation why : explain(whybox, image, targets, shap, 0)) {
        assertEquals(found.score(), why.fullScore(), 1e-3 * found.score());
        assertEquals(why.fullScore() - why.baselineScore(), sum(why), 1e-5);
        assertTrue(why.baselineScore() < 0.9 * why.fullScore());
      }
      assertEquals(2, explain(whybox, image, targets, new DRise(), 6).size());
      for (Explanation why : explain(whybox, image, targets, new LayerCam(), 0)) {
        assertEquals(found.score(), why.fullScore(), 2e-3);
        assertTrue(most(why.map()) > 0);
      }
      for (Method method : List.of(new Saliency(), new GradCam())) {
        Explanation why = explain(whybox, image, targets.subList(0, 1), method, 0).get(0);
        assertEquals(found.score(), why.fullScore(), 2e-3, method.name());
        assertTrue(most(why.map()) > 0, method.name());
      }
      Explanation gap =
          explain(whybox, image, targets.subList(0, 1), new IntegratedGradients(), 3).get(0);
      assertTrue(most(gap.map()) > 0);
    }
  }

  private static float most(float[] map) {
    float most = 0;
    for (float value : map) {
      assertTrue(Float.isFinite(value));
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static List<Explanation> explain(
      Whybox whybox, Image image, List<Target> targets, Method method, int samples) {
    Budget budget = samples == 0 ? Budget.DEFAULT : Budget.DEFAULT.withSamples(samples);
    return whybox.explain(image, targets, method, budget, ProgressListener.NONE);
  }

  /** Warming up takes models without boxes too, and changes no result. */
  @Test
  void warmingUpChangesNothing() {
    Image image = image("chelsea.png");
    Method method = new Shap().withSegmentation(Segmentation.grid(3, 3));
    try (Whybox cold = Whybox.open(model("yolov8n-cls"));
        Whybox warm = Whybox.open(model("yolov8n-cls"))) {
      warm.warmUp(method);
      List<Target> targets = List.of(Target.of(cold.detect(image).get(0)));
      float[] expected = explain(cold, image, targets, method, 0).get(0).map();
      assertArrayEquals(expected, explain(warm, image, targets, method, 0).get(0).map(), 1e-5f);
    }
  }

  /** The gradient of the objective along random directions, against central differences. */
  @ParameterizedTest
  @CsvSource({
    "yolov8n-obb, harbour-obb.jpg",
    "yolov8n-cls, chelsea.png",
    "yolov8n-seg, chelsea.png",
    "yolov8n-pose, bus.jpg"
  })
  void theGradientIsThatOfTheObjective(String name, String picture) throws IOException {
    byte[] onnx = Files.readAllBytes(model(name));
    Image image = image(picture);
    Detection found;
    try (Whybox whybox = Whybox.open(model(name))) {
      found = whybox.detect(image).get(0);
    }
    try (CpuBackend backend =
            new CpuBackend(Adapter.open(onnx, name, 2, 0, "", ""), name, 2, 1, 0);
        GradientModels models = new GradientModels(onnx, backend.model(), false)) {
      var info = backend.model().info();
      var letterbox = info.letterbox(image);
      float[] planes = letterbox.planes(letterbox.content(image));
      Origin logit = models.graph().logit(found.classId(), found.anchor());
      Key key = new Key(logit.tensor(), List.of(models.graph().image()), false);
      try (GradientPass pass = new GradientPass(models, key, 2)) {
        pass.image().put(0, planes);
        double value = pass.run(logit.offset(), new LossScale());
        double probability =
            name.endsWith("cls")
                ? softmax(pass.value(), found.classId())
                : backend.model().head().probability(value);
        assertEquals(found.score(), probability, 1e-4);
        float[] gradient = new float[planes.length];
        pass.gradient(0).get(0, gradient);
        compare(pass, logit, planes, gradient);
      }
    }
  }

  /** A keypoint's score is its own confidence, and its gradient starts from that logit. */
  @Test
  void oneKeypointIsExplained() {
    Image image = image("astronaut.png");
    try (Whybox whybox = Whybox.open(model("yolov8n-pose"))) {
      Detection body = whybox.detect(image).get(0);
      Keypoints points = (Keypoints) body.region();
      Shap shap = new Shap(Segmentation.grid(2, 2), new Shap().baseline(), new Shap().similarity());
      for (int k : new int[] {0, 6}) {
        List<Target> targets = List.of(Target.of(body.keypoint(k)));
        double confidence = points.points().get(k).confidence();
        Explanation why = explain(whybox, image, targets, shap, 0).get(0);
        assertEquals(confidence, why.fullScore(), 1e-3);
        assertEquals(why.fullScore() - why.baselineScore(), sum(why), 1e-5);
        assertEquals(k == 0 ? "person, nose" : "person, right shoulder", why.className());
        Explanation slope = explain(whybox, image, targets, new Saliency(), 0).get(0);
        assertEquals(confidence, slope.fullScore(), 1e-3);
        assertTrue(most(slope.map()) > 0);
      }
      assertThrows(BadTarget.class, () -> body.keypoint(17));
    }
  }

  private static double softmax(FloatBuffer logits, int classId) {
    double sum = 0;
    for (int c = 0; c < logits.capacity(); c++) {
      sum += Math.exp(logits.get(c) - logits.get(classId));
    }
    return 1 / sum;
  }

  /** A classifier sees the middle square alone, so nothing beside it counts. */
  @Test
  void whatAClassifierDoesNotSeeHasNoValue() {
    Image image = image("chelsea.png");
    int x1 = (image.width() - image.height()) / 2;
    int x2 = x1 + image.height();
    try (Whybox whybox = Whybox.open(model("yolov8n-cls"))) {
      List<Target> targets = List.of(Target.of(whybox.detect(image).get(0)));
      Shap shap = new Shap(Segmentation.grid(1, 6), new Shap().baseline(), new Shap().similarity());
      double[] values =
          ((SegmentValues) explain(whybox, image, targets, shap, 0).get(0).attribution()).values();
      // The outer columns end at 75 of 451 pixels, where the square begins at 75.
      assertEquals(0, values[0], 0.02);
      assertEquals(0, values[5], 0.02);
      assertTrue(Math.abs(values[2]) + Math.abs(values[3]) > 0.1);
      for (Method method : List.of(new Saliency(), new LayerCam())) {
        float[] map = explain(whybox, image, targets, method, 0).get(0).map();
        float inside = 0;
        for (int i = 0; i < map.length; i++) {
          int x = i % image.width();
          if (x < x1 - 2 || x > x2 + 2) {
            assertEquals(0, map[i], method.name() + " at " + x);
          } else {
            inside = Math.max(inside, map[i]);
          }
        }
        assertTrue(inside > 0, method.name());
      }
      Target other = Target.of(targets.get(0).region(), 3);
      assertTrue(explain(whybox, image, List.of(other), shap, 0).get(0).fullScore() < 0.01);
      Target box = Target.of(new Box(1, 2, 30, 40), 3);
      BadTarget refused = assertThrows(BadTarget.class, () -> whybox.check(image, List.of(box)));
      assertTrue(refused.getMessage().contains("whole-image"), refused.getMessage());
    }
  }

  private static void compare(GradientPass pass, Origin logit, float[] planes, float[] gradient) {
    Random random = new Random(3);
    double worst = 0;
    double largest = 0;
    for (int d = 0; d < DIRECTIONS; d++) {
      // Along the gradient's own signs in a random half of the pixels, so that noise is small.
      float[] direction = new float[planes.length];
      double slope = 0;
      for (int i = 0; i < direction.length; i++) {
        direction[i] = random.nextBoolean() ? Math.signum(gradient[i]) : 0;
        slope += direction[i] * gradient[i];
      }
      double step = 0.004 / slope;
      double difference =
          (at(pass, logit, planes, direction, step) - at(pass, logit, planes, direction, -step))
              / (2 * step);
      worst = Math.max(worst, Math.abs(difference - slope));
      largest = Math.max(largest, Math.abs(slope));
    }
    assertTrue(worst < 0.02 * largest, worst + " of " + largest);
  }

  private static double at(
      GradientPass pass, Origin logit, float[] planes, float[] direction, double step) {
    float[] moved = new float[planes.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (planes[i] + step * direction[i]);
    }
    pass.image().put(0, moved);
    return pass.run(logit.offset(), new LossScale());
  }
}
