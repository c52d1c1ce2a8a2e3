// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.error.WhyboxException.BadArgument;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The parameters of gradient ascent on a picture, or activation maximisation: Erhan, Bengio,
 * Courville, Vincent, "Visualizing higher-layer features of a deep network" (2009), with the
 * Fourier spectrum, decorrelated colours and random views of Olah, Mordvintsev, Schubert, "Feature
 * visualization" (Distill 2017). At every step the model sees the picture moved, enlarged and
 * rotated a little, so only features that survive this are drawn. A {@link
 * dev.whybox.explain.Budget} sets the number of steps (its samples) and the seed.
 *
 * @param rate the step size of Adam (its α), above 0 to 1
 * @param decay how strongly steps of high-frequency waves shrink: a step is divided by the
 *     frequency to the power of this, 0 to 3. The Distill article has 1; more makes larger shapes
 *     and less grain
 * @param anchors for a class: the number of anchors per field whose logits are raised. At every
 *     step these are the anchors with the highest logits; 1 to 10000
 * @param fields for a class: the picture is divided into this many columns and as many rows of
 *     fields, and each field is to show the class; 1 to 64
 * @param jitter views are moved by at most this many pixels in each direction, 0 to 64
 * @param scale views are enlarged or reduced by at most this fraction, 0 to 0.5
 * @param rotation views are rotated by at most this many degrees in each direction, 0 to 45
 * @param smoothness the weight of the total variation, 0 to 10000. The target's value is reduced by
 *     this weight times the mean difference between neighbouring pixels, of values in [0,1]
 */
public record GradientAscent(
    double rate,
    double decay,
    int anchors,
    int fields,
    double jitter,
    double scale,
    double rotation,
    double smoothness) {

  /** The number of steps if the budget names none. */
  public static final int DEFAULT_STEPS = 256;

  /**
   * The defaults. Views and step size are close to those of the Distill article; decay and fields
   * were chosen by looking at pictures of the bundled model.
   */
  public static final GradientAscent DEFAULT = new GradientAscent(0.05, 1.3, 8, 4, 16, 0.1, 8, 0);

  /**
   * Checks the ranges.
   *
   * @param rate above 0 to 1
   * @param decay 0 to 3
   * @param anchors 1 to 10000
   * @param fields 1 to 64
   * @param jitter 0 to 64 pixels
   * @param scale 0 to 0.5
   * @param rotation 0 to 45 degrees
   * @param smoothness 0 to 10000
   * @throws BadArgument if one is outside its range
   */
  public GradientAscent {
    require(rate > 0 && rate <= 1, "The rate", "above 0 to 1", rate);
    require(decay >= 0 && decay <= 3, "The decay", "0 to 3", decay);
    require(anchors >= 1 && anchors <= 10_000, "The number of anchors", "1 to 10000", anchors);
    require(fields >= 1 && fields <= 64, "The number of fields a side", "1 to 64", fields);
    require(jitter >= 0 && jitter <= 64, "The jitter", "0 to 64 pixels", jitter);
    require(scale >= 0 && scale <= 0.5, "The change of scale", "0 to 0.5", scale);
    require(rotation >= 0 && rotation <= 45, "The rotation", "0 to 45 degrees", rotation);
    require(smoothness >= 0 && smoothness <= 10_000, "The smoothness", "0 to 10000", smoothness);
  }

  private static void require(boolean holds, String what, String allowed, Number found) {
    if (!holds) {
      throw new BadArgument(what + " must be " + allowed + ", but is " + found + ".");
    }
  }

  /**
   * Changes the step size.
   *
   * @param value above 0 to 1
   * @return a changed copy
   */
  public GradientAscent withRate(double value) {
    return new GradientAscent(value, decay, anchors, fields, jitter, scale, rotation, smoothness);
  }

  /**
   * Changes the decay of high frequencies.
   *
   * @param power 0 to 3
   * @return a changed copy
   */
  public GradientAscent withDecay(double power) {
    return new GradientAscent(rate, power, anchors, fields, jitter, scale, rotation, smoothness);
  }

  /**
   * Changes the number of anchors per field.
   *
   * @param number 1 to 10000
   * @return a changed copy
   */
  public GradientAscent withAnchors(int number) {
    return new GradientAscent(rate, decay, number, fields, jitter, scale, rotation, smoothness);
  }

  /**
   * Changes the number of fields.
   *
   * @param number fields per side, 1 to 64
   * @return a changed copy
   */
  public GradientAscent withFields(int number) {
    return new GradientAscent(rate, decay, anchors, number, jitter, scale, rotation, smoothness);
  }

  /**
   * Changes the range of the random views.
   *
   * @param pixels the largest shift in pixels, 0 to 64
   * @param part the largest change of scale as a fraction, 0 to 0.5
   * @param degrees the largest rotation, 0 to 45
   * @return a changed copy
   */
  public GradientAscent withViews(double pixels, double part, double degrees) {
    return new GradientAscent(rate, decay, anchors, fields, pixels, part, degrees, smoothness);
  }

  /**
   * Changes the weight of the total variation.
   *
   * @param weight 0 to 10000
   * @return a changed copy
   */
  public GradientAscent withSmoothness(double weight) {
    return new GradientAscent(rate, decay, anchors, fields, jitter, scale, rotation, weight);
  }

  /**
   * All parameters by name.
   *
   * @return the parameters for reports, in the order of the record
   */
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rate", rate);
    map.put("decay", decay);
    map.put("anchors", anchors);
    map.put("fields", fields);
    map.put("jitter", jitter);
    map.put("scale", scale);
    map.put("rotation", rotation);
    map.put("smoothness", smoothness);
    return map;
  }
}
