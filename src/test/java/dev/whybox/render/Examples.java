// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Shap;
import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Attribution;
import dev.whybox.explain.Evidence.Sampled;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.Method;
import dev.whybox.explain.RunRecord;
import dev.whybox.explain.Scores;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Small explanations whose pictures and numbers can be worked out by hand. */
public final class Examples {
  public static final ModelInfo MODEL =
      new ModelInfo("m.onnx", "ab".repeat(32), "detect", List.of("cat", "dog"), 64, 96, 0, 32);
  public static final EngineInfo ENGINE = new EngineInfo("onnxruntime", "1.29.0", "cpu", "fp32");

  private Examples() {}

  public static Image gray(int width, int height, int level) {
    byte[] rgb = new byte[width * height * 3];
    Arrays.fill(rgb, (byte) level);
    return Image.ofRgb(width, height, rgb).named("a/b.png");
  }

  public static Detection detection(
      float x1, float y1, float x2, float y2, int classId, float score) {
    return new Detection(new Box(x1, y1, x2, y2), classId, MODEL.names().get(classId), score, 7);
  }

  public static Target box(float x1, float y1, float x2, float y2) {
    return Target.of(detection(x1, y1, x2, y2, 0, 0.9f));
  }

  /** Values on a grid of {@code rows} rows; the content is 12 pixels per cell. */
  public static Attribution grid(int rows, double... values) {
    int columns = values.length / rows;
    Segments segments = Segmentation.grid(rows, columns).of(gray(12 * columns, 12 * rows, 0));
    double[] errors = new double[values.length];
    errors[0] = Double.NaN;
    return new Attribution.SegmentValues(segments, values, errors);
  }

  public static Attribution pixels(int width, float... values) {
    return new Attribution.PixelValues(width, values.length / width, values, 0.004, false);
  }

  public static Explanation of(Image image, Target target, Attribution attribution) {
    return of(image, target, attribution, Stop.SAMPLES);
  }

  public static Explanation of(Image image, Target target, Attribution attribution, Stop stop) {
    Method method =
        attribution.signed() ? new Shap().withSegmentation(Segmentation.grid(8, 8)) : new DRise();
    return new Explanation(
        image,
        MODEL,
        target,
        method,
        new RunRecord(ENGINE, 5, 1000, 1002, Duration.ofMillis(4321), stop),
        new Scores(OptionalDouble.of(0.914), OptionalDouble.of(0.0212)),
        attribution,
        new Sampled(OptionalDouble.empty(), Optional.empty()),
        null);
  }

  static int pixel(Image image, int x, int y) {
    int at = (y * image.width() + x) * 3;
    byte[] rgb = image.rgb();
    return Rgb.of(rgb[at] & 0xFF, rgb[at + 1] & 0xFF, rgb[at + 2] & 0xFF);
  }
}
