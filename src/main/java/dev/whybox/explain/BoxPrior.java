// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.image.Box;
import dev.whybox.yolo.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A guess from the box alone, without running the model: the map is highest at the box's centre and
 * falls towards its edges. It is a Gaussian whose standard deviations are a quarter of the box's
 * width and height: the centre prior that saliency maps are compared with (Judd, Durand and
 * Torralba, "A benchmark of computational models of saliency to predict human fixations", 2012). It
 * needs no forward pass, so it is an answer if there is no time for one ({@link
 * dev.whybox.explain.Budget#withFallback}). It is also a reference: a map that is no better than
 * this one tells nothing about the model.
 */
public record BoxPrior() implements ModelFree {
  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "box",
          Approach.MODEL_FREE,
          "the box's centre, without running the model: to compare with, and for `--fallback` if"
              + " a deadline is too short",
          "the box's centre, to compare with",
          "Judd et al. 2012",
          "0",
          false,
          MapUnit.NEARNESS,
          Set.of(),
          List.of(Caveat.always("this shows where the box is; the model was not run")),
          settings -> new BoxPrior());

  /** The standard deviation relative to the box's side. */
  private static final double SPREAD = 0.25;

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public int defaultSamples() {
    return 0;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of();
  }

  @Override
  public PixelValues guess(int width, int height, Target target) {
    return map(width, height, target.box());
  }

  /**
   * The map.
   *
   * @param width the image's width
   * @param height the image's height
   * @param box the box in pixels of the image
   * @return one value per pixel, with 1 at the box's centre
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
    // The Gaussian of a box without width could fall between two pixels.
    double spread = Math.max(SPREAD * (to - from), 0.5);
    for (int i = 0; i < pixels; i++) {
      double distance = (i + 0.5 - (from + to) / 2) / spread;
      bell[i] = Math.exp(-distance * distance / 2);
    }
    return bell;
  }
}
