// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

/** Sums over the channels of a layer, laid out {@code channels × positions}. */
final class Channels {
  private Channels() {}

  /** A channel's weight from its activations and gradients, both within the whole layer. */
  @FunctionalInterface
  interface Weight {
    double of(float[] activations, float[] gradients, int from, int to);
  }

  /** Σ over channels of weight · activation, cut off below 0. */
  static float[] weighted(float[] activations, float[] gradients, int channels, Weight weight) {
    int positions = activations.length / channels;
    double[] sums = new double[positions];
    for (int c = 0; c < channels; c++) {
      int from = c * positions;
      double w = weight.of(activations, gradients, from, from + positions);
      for (int p = 0; p < positions; p++) {
        sums[p] += w * activations[from + p];
      }
    }
    return positive(sums);
  }

  static float[] positive(double[] sums) {
    float[] map = new float[sums.length];
    for (int p = 0; p < map.length; p++) {
      map[p] = (float) Math.max(sums[p], 0);
    }
    return map;
  }
}
