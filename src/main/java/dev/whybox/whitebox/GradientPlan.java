// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Budget;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.random.Normal;
import java.util.ArrayList;
import java.util.List;

/**
 * What a white-box method differentiates at, and what it makes of it.
 *
 * @param painter shows the image of a sample
 * @param samples how many there are at most
 * @param least how many it takes for a map
 * @param estimators one a target
 */
record GradientPlan(
    Painter painter, long samples, long least, List<? extends GradientEstimator> estimators) {

  /** Shows the image of a sample: {@code 3 × height × width} values of the input. */
  @FunctionalInterface
  interface Painter {
    void paint(long sample, float[] planes);
  }

  /**
   * The plan of a method on an image.
   *
   * @param boxes the targets in pixels of the content
   * @param layers the shapes of the tensors that are differentiated at, a list a target
   */
  static GradientPlan of(
      WhiteBox method,
      Letterbox letterbox,
      Image content,
      List<Box> boxes,
      List<List<long[]>> layers,
      Budget budget) {
    Pixels pixels = new Pixels(letterbox);
    float[] planes = letterbox.planes(content);
    Painter plain = (sample, into) -> System.arraycopy(planes, 0, into, 0, planes.length);
    int samples = budget.samples() > 0 ? budget.samples() : method.defaultSamples();
    List<GradientEstimator> estimators = new ArrayList<>();
    if (method instanceof LayerMethod layerMethod) {
      layers.forEach(shapes -> estimators.add(new LayerEstimator(layerMethod, pixels, shapes)));
      return new GradientPlan(plain, 1, 1, estimators);
    }
    float[] image = pixels.of(planes);
    if (method instanceof IntegratedGradients integrated) {
      Image absent = integrated.baseline().of(content, boxes, budget.seed());
      float[] empty = pixels.of(letterbox.planes(absent));
      float[] difference = new float[image.length];
      for (int i = 0; i < image.length; i++) {
        difference[i] = image[i] - empty[i];
      }
      boxes.forEach(box -> estimators.add(new IntegratedGradientsSum(pixels, difference)));
      Painter way =
          (sample, into) -> {
            plain.paint(sample, into);
            pixels.write(between(empty, difference, IntegratedGradientsSum.position(sample)), into);
          };
      return new GradientPlan(way, Math.max(2, samples), 2, estimators);
    }
    if (method instanceof InputXGradient) {
      boxes.forEach(box -> estimators.add(GradientTimesInput.once(pixels, image)));
      return new GradientPlan(plain, 1, 1, estimators);
    }
    boolean smooth = method instanceof SmoothGrad;
    boxes.forEach(box -> estimators.add(new GradientMagnitude(pixels, !smooth)));
    if (!smooth) {
      return new GradientPlan(plain, 1, 1, estimators);
    }
    Normal normal = new Normal(budget.seed());
    double deviation = ((SmoothGrad) method).noise() * range(image);
    Painter noisy =
        (sample, into) -> {
          plain.paint(sample, into);
          float[] copy = image.clone();
          normal.add(sample, deviation, copy);
          pixels.write(copy, into);
        };
    return new GradientPlan(noisy, samples, 1, estimators);
  }

  private static float[] between(float[] empty, float[] difference, float position) {
    float[] result = new float[empty.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = empty[i] + position * difference[i];
    }
    return result;
  }

  private static double range(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return greatest - least;
  }
}
