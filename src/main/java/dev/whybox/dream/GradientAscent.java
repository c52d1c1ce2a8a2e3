// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.error.WhyboxException.BadArgument;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gradient ascent on a picture, or activation maximisation: Erhan, Bengio, Courville, Vincent,
 * "Visualizing higher-layer features of a deep network" (2009), with the Fourier spectrum,
 * decorrelated colours and random views of Olah, Mordvintsev, Schubert, "Feature visualization"
 * (Distill 2017). At every step the model sees the picture moved, enlarged and turned a little, so
 * that only what survives this is drawn. How many steps and which seed, a {@link
 * dev.whybox.explain.Budget} says; its samples are steps.
 *
 * @param rate the optimiser's step size (Adam's α), above 0 to 1
 * @param decay how much smaller a step is in waves of higher frequency: by the frequency to the
 *     power of this, 0 to 3; 1 in the Distill article, more makes larger shapes and less grain
 * @param anchors of a class: in each field the logits of so many anchors are raised, at every step
 *     those where it is highest; at least 1
 * @param fields of a class: the picture is divided into so many fields across and as many down,
 *     each of which is to show the class; 1 to 64
 * @param jitter views are moved by at most so many pixels each way, 0 to 64
 * @param scale views are enlarged or reduced by at most this part, 0 to 0.5
 * @param rotation views are turned by at most so many degrees each way, 0 to 45
 * @param smoothness how much the picture's total variation counts against it, at least 0: the mean
 *     step from pixel to pixel, of values in [0,1], times this is taken from the target's value
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

  /** Steps where a budget names none. */
  public static final int DEFAULT_STEPS = 256;

  /**
   * Views and step size near those of the Distill article; decay and fields were chosen by looking
   * at pictures of the bundled model.
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
   * @throws BadArgument where one is outside its range
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
   * The same with another step size.
   *
   * @param value above 0 to 1
   * @return a changed copy
   */
  public GradientAscent withRate(double value) {
    return new GradientAscent(value, decay, anchors, fields, jitter, scale, rotation, smoothness);
  }

  /**
   * The same with another decay of high frequencies.
   *
   * @param power 0 to 3
   * @return a changed copy
   */
  public GradientAscent withDecay(double power) {
    return new GradientAscent(rate, power, anchors, fields, jitter, scale, rotation, smoothness);
  }

  /**
   * The same with another number of anchors.
   *
   * @param number at least 1
   * @return a changed copy
   */
  public GradientAscent withAnchors(int number) {
    return new GradientAscent(rate, decay, number, fields, jitter, scale, rotation, smoothness);
  }

  /**
   * The same with another number of fields.
   *
   * @param number of a side, 1 to 64
   * @return a changed copy
   */
  public GradientAscent withFields(int number) {
    return new GradientAscent(rate, decay, anchors, number, jitter, scale, rotation, smoothness);
  }

  /**
   * The same with other random views.
   *
   * @param pixels moved by at most, 0 to 64
   * @param part enlarged or reduced by at most, 0 to 0.5
   * @param degrees turned by at most, 0 to 45
   * @return a changed copy
   */
  public GradientAscent withViews(double pixels, double part, double degrees) {
    return new GradientAscent(rate, decay, anchors, fields, pixels, part, degrees, smoothness);
  }

  /**
   * The same with another weight of the total variation.
   *
   * @param weight at least 0
   * @return a changed copy
   */
  public GradientAscent withSmoothness(double weight) {
    return new GradientAscent(rate, decay, anchors, fields, jitter, scale, rotation, weight);
  }

  /**
   * All parameters by their names.
   *
   * @return for reports, in the order of the record
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
