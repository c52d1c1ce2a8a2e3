// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

/**
 * Adam: Kingma &amp; Ba, "Adam: a method for stochastic optimization" (ICLR 2015), with the paper's
 * β₁, β₂ and ε. It climbs: a step increases the objective.
 */
final class Adam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double rate;
  private final float[] mean;
  private final float[] square;
  private double power1 = 1;
  private double power2 = 1;

  /** An optimiser for {@code size} parameters; {@code rate} is the step size, the paper's α. */
  Adam(int size, double rate) {
    this.rate = rate;
    this.mean = new float[size];
    this.square = new float[size];
  }

  /** Takes one step up the gradient and changes the parameters in place. */
  void step(float[] parameters, float[] gradient) {
    power1 *= BETA1;
    power2 *= BETA2;
    double step = rate / (1 - power1);
    double correction = 1 / (1 - power2);
    for (int i = 0; i < parameters.length; i++) {
      double g = gradient[i];
      mean[i] = (float) (BETA1 * mean[i] + (1 - BETA1) * g);
      square[i] = (float) (BETA2 * square[i] + (1 - BETA2) * g * g);
      parameters[i] += (float) (step * mean[i] / (Math.sqrt(square[i] * correction) + EPSILON));
    }
  }
}
