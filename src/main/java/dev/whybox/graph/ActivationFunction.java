// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

/**
 * An activation function, with the ranges of its input in which it is flat or just passes its input
 * on.
 *
 * <p>An input is <em>saturated</em> if the slope there and at all inputs further out is within
 * {@value #TOLERANCE} of 0, so the gradient nearly vanishes (in the sense of Glorot and Bengio,
 * "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010). An
 * input is <em>linear</em> if the slope is within {@value #TOLERANCE} of 1, in an unbounded range
 * or around 0; there the function passes its input on. The bounds follow from the slopes. SiLU's
 * slope, σ(x)·(1 + x·(1 − σ(x))), is below 0.01 in absolute value for all x &lt; −6.26 and within
 * 0.01 of 1 for all x &gt; 6.26. Its minimum at −1.28, where the slope passes through 0, does not
 * count.
 *
 * @param name the name, such as {@code SiLU}
 * @param saturatedBelow inputs below this are saturated; −∞ for none
 * @param saturatedAbove inputs above this are saturated; ∞ for none
 * @param linearFrom inputs between this and {@code linearTo} are linear; NaN for none
 * @param linearTo the end of the linear range
 */
public record ActivationFunction(
    String name, double saturatedBelow, double saturatedAbove, double linearFrom, double linearTo) {
  /** The largest distance of a slope from 0 or 1. */
  public static final double TOLERANCE = 0.01;

  private static final double NEVER = Double.POSITIVE_INFINITY;
  private static final double FAR = 50;

  /** The functions without parameters. */
  enum Kind {
    SILU,
    HARD_SWISH,
    RELU,
    SIGMOID,
    TANH
  }

  /** The slope of a function at an input. */
  @FunctionalInterface
  private interface Slope {
    double at(double x);
  }

  static ActivationFunction of(Kind kind) {
    return switch (kind) {
      case SILU ->
          new ActivationFunction(
              "SiLU",
              end(ActivationFunction::silu, 0, -FAR),
              NEVER,
              end(ActivationFunction::silu, 1, FAR),
              NEVER);
      case HARD_SWISH -> new ActivationFunction("HardSwish", -3, NEVER, 3, NEVER);
      case RELU -> new ActivationFunction("ReLU", 0, NEVER, 0, NEVER);
      case SIGMOID -> {
        double bound = end(x -> sigmoid(x) * (1 - sigmoid(x)), 0, FAR);
        yield new ActivationFunction("Sigmoid", -bound, bound, Double.NaN, Double.NaN);
      }
      case TANH -> {
        double bound = end(ActivationFunction::tanh, 0, FAR);
        // At the edge of the linear range the slope 1 − tanh² is 0.99.
        double edge = 0.5 * Math.log((1 + 0.1) / (1 - 0.1));
        yield new ActivationFunction("Tanh", -bound, bound, -edge, edge);
      }
    };
  }

  static ActivationFunction leakyRelu(double slope) {
    boolean flat = Math.abs(slope) < TOLERANCE;
    boolean straight = Math.abs(slope - 1) < TOLERANCE;
    return new ActivationFunction(
        "LeakyReLU", flat ? 0 : -NEVER, NEVER, straight ? -NEVER : 0, NEVER);
  }

  static ActivationFunction hardSigmoid(double slope, double middle) {
    return new ActivationFunction(
        "HardSigmoid", -middle / slope, (1 - middle) / slope, Double.NaN, Double.NaN);
  }

  static ActivationFunction clip(double low, double high) {
    String name = low == 0 && high == 6 ? "ReLU6" : low == 0 && high == NEVER ? "ReLU" : "Clip";
    return new ActivationFunction(name, low, high, low, high);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double silu(double x) {
    double s = sigmoid(x);
    return s * (1 + x * (1 - s));
  }

  private static double tanh(double x) {
    return 1 - Math.tanh(x) * Math.tanh(x);
  }

  /**
   * Searches inwards from {@code far} and returns the input at which the slope first differs from a
   * value by more than the tolerance.
   */
  private static double end(Slope slope, double value, double far) {
    double step = -Math.signum(far) / 64;
    double inside = far;
    while (Math.abs(slope.at(inside + step) - value) < TOLERANCE) {
      inside += step;
    }
    double outside = inside + step;
    for (int i = 0; i < 60; i++) {
      double middle = (inside + outside) / 2;
      boolean near = Math.abs(slope.at(middle) - value) < TOLERANCE;
      inside = near ? middle : inside;
      outside = near ? outside : middle;
    }
    return inside;
  }

  /**
   * Whether an input is saturated.
   *
   * @param x an input
   * @return true in a saturated range
   */
  public boolean saturated(double x) {
    return x < saturatedBelow || x > saturatedAbove;
  }

  /**
   * Whether an input is linear.
   *
   * @param x an input
   * @return true in the linear range
   */
  public boolean linear(double x) {
    return x > linearFrom && x < linearTo;
  }
}
