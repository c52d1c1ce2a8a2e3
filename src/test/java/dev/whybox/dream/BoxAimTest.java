// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.Samples;
import dev.whybox.dream.DreamTarget.OfBox;
import dev.whybox.engine.OrtEngine;
import dev.whybox.gradient.GradientModels;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.yolo.YoloModel;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A detection as a target of gradient ascent. */
class BoxAimTest {
  private static final int SIZE = 96;

  /** x' of the view shows x = 2 + x'/2: twice as large, and moved. */
  @Test
  void theBoxMovesAndGrowsWithThePicture() {
    Affine view = new Affine(0.5, 0, 2, 0, 0.5, -1);
    Box seen = BoxAim.seen(new Box(10, 20, 14, 26), view);
    // Centre 12, 23 is 11.5, 22.5 between pixel centres: seen at 19, 47, so at 19.5, 47.5.
    assertEquals(new Box(15.5f, 41.5f, 23.5f, 53.5f), seen);
    Box box = new Box(1, 2, 30, 40);
    assertEquals(box, BoxAim.seen(box, Affine.IDENTITY));
  }

  @Test
  void theGradientIsThatOfCentralDifferences() throws IOException {
    byte[] onnx = Files.readAllBytes(Samples.MODEL);
    try (OrtEngine engine = new OrtEngine(onnx, "model", 2)) {
      YoloModel model = new YoloModel(engine, "model", "", SIZE);
      Image scene = Image.read(Samples.all().get(0).image());
      Letterbox letterbox = Letterbox.of(scene.width(), scene.height(), SIZE, SIZE);
      float[] planes = letterbox.planes(letterbox.content(scene));
      OfBox target = new OfBox(new Box(20, 24, 70, 61), 1);
      try (GradientModels models = new GradientModels(onnx, model, false);
          DreamObjective objective =
              new DreamObjective(model, models, target, GradientAscent.DEFAULT.withAnchors(1), 2)) {
        float[] gradient = new float[planes.length];
        objective.evaluate(planes, Affine.IDENTITY, gradient);
        double square = 0;
        for (float slope : gradient) {
          square += (double) slope * slope;
        }
        assertTrue(square > 0);
        // Along the gradient itself, so far that the value changes by about 0.1 in all.
        double step = 0.05 / square;
        double change =
            value(objective, planes, gradient, step) - value(objective, planes, gradient, -step);
        assertEquals(0.1, change, 0.005);
      }
    }
  }

  private static double value(
      DreamObjective objective, float[] planes, float[] gradient, double step) {
    float[] moved = planes.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (step * gradient[i]);
    }
    return objective.evaluate(moved, Affine.IDENTITY, new float[moved.length]);
  }
}
