// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Course.Finding;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.util.List;
import java.util.Map;

/**
 * The guess of someone who knows the box and has not asked the model: most at the box's centre,
 * less towards its edges. A Gaussian with a quarter of the box's width and height as its standard
 * deviations, the centre prior that saliency maps are compared with (Judd, Durand and Torralba, "A
 * benchmark of computational models of saliency to predict human fixations", 2012). It takes no
 * forward pass, so it is an answer where there is no time for one ({@link
 * dev.whybox.explain.Budget#withFallback}), and a measure for others: a map that is no better says
 * nothing.
 */
public record BoxPrior() implements Method {
  /** Standard deviations in parts of the box's sides. */
  private static final double SPREAD = 0.25;

  @Override
  public String name() {
    return "box";
  }

  @Override
  public int defaultSamples() {
    return 0;
  }

  @Override
  public String effort(int samples) {
    return "no pass";
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of();
  }

  /**
   * Guesses.
   *
   * @param image the image
   * @param targets at least one, checked
   * @param model the model
   * @param engine what would run it
   * @param budget for its seed
   * @return one explanation a target, of no samples and no forwards; a detection's score is the one
   *     it was detected with, of a box of the user's own it is NaN
   */
  public List<Explanation> explain(
      Image image, List<Target> targets, ModelInfo model, EngineInfo engine, Budget budget) {
    Course course = new Course(model, engine, image, budget, System.nanoTime());
    return targets.stream().map(target -> guess(course, target)).toList();
  }

  private Explanation guess(Course course, Target target) {
    double score = target instanceof Target.Found found ? found.detection().score() : Double.NaN;
    Image image = course.image();
    Finding finding =
        new Finding(
            score,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            map(image.width(), image.height(), target.box()),
            null);
    return course.explanation(target, this, 0, 0, Stop.SAMPLES, finding);
  }

  /**
   * The map.
   *
   * @param width the image's width
   * @param height the image's height
   * @param box in pixels of the image
   * @return 1 at the box's centre
   */
  static PixelValues map(int width, int height, Box box) {
    double[] across = bell(width, box.x1(), box.x2());
    double[] down = bell(height, box.y1(), box.y2());
    float[] values = new float[Math.multiplyExact(width, height)];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        values[y * width + x] = (float) (down[y] * across[x]);
      }
    }
    return new PixelValues(width, height, values, Double.NaN, false);
  }

  private static double[] bell(int pixels, double from, double to) {
    double[] bell = new double[pixels];
    // A box of no width would have a Gaussian that falls between two pixels.
    double spread = Math.max(SPREAD * (to - from), 0.5);
    for (int i = 0; i < pixels; i++) {
      double distance = (i + 0.5 - (from + to) / 2) / spread;
      bell[i] = Math.exp(-distance * distance / 2);
    }
    return bell;
  }
}
