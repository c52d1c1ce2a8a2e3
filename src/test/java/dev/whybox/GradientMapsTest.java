// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Image;
import dev.whybox.whitebox.InputXGradient;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.WhiteBox;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients through the front door against another framework's automatic differentiation. */
class GradientMapsTest {

  @ParameterizedTest
  @CsvSource({"yolov8n,8256,0,640,2.36167", "yolo11n-320,2043,15,320,2.66564"})
  void mapsAreTheReferencesGradients(String name, int anchor, int cls, int size, double logit) {
    String picture = cls == 0 ? "bus.jpg" : "chelsea.png";
    Image image = Image.read(SharedFiles.require("images/" + picture).path());
    SharedFiles reference = SharedFiles.require("reference/" + name + ".gradient.npz");
    double[] input = reference.array("input.npy");
    double[] gradient = reference.array("gradient.npy");
    try (Whybox whybox =
        Whybox.open(SharedFiles.require("models/" + name + ".onnx").path(), Options.DEFAULT)) {
      Detection detection =
          whybox.detect(image).stream().filter(d -> d.anchor() == anchor).findFirst().orElseThrow();
      assertEquals(cls, detection.classId());
      double[] largest = new double[size * size];
      double[] products = new double[size * size];
      for (int i = 0; i < gradient.length; i++) {
        int p = i % (size * size);
        largest[p] = Math.max(largest[p], Math.abs(gradient[i]));
        products[p] += gradient[i] * input[i];
      }
      Explanation saliency = compare(whybox, image, detection, new Saliency(), largest, size);
      compare(whybox, image, detection, new InputXGradient(), products, size);
      assertEquals(1 / (1 + Math.exp(-logit)), saliency.fullScore(), 1e-4);
      assertEquals(1, saliency.samples());
      assertEquals(1, saliency.forwards());
      assertTrue(Double.isNaN(saliency.baselineScore()));
    }
  }

  private static Explanation compare(
      Whybox whybox,
      Image image,
      Detection detection,
      WhiteBox method,
      double[] expected,
      int size) {
    Explanation why = whybox.explain(image, Target.of(detection), method);
    PixelValues found = (PixelValues) why.attribution();
    int left = (size - found.width()) / 2;
    int top = (size - found.height()) / 2;
    double largest = 0;
    double error = 0;
    for (int y = 0; y < found.height(); y++) {
      for (int x = 0; x < found.width(); x++) {
        double value = expected[(top + y) * size + left + x];
        largest = Math.max(largest, Math.abs(value));
        error = Math.max(error, Math.abs(value - found.values()[y * found.width() + x]));
      }
    }
    assertTrue(error <= 1e-3 * largest, method.name() + ": " + error / largest);
    return why;
  }
}
