// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import dev.whybox.graph.Activation;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/**
 * The statistics of one activation function over all images so far. The letterbox's padding counts
 * too, since the model sees it.
 */
public final class ActivationStatistics {
  /** A channel is dead if the absolute value of its output never exceeds this. */
  public static final double DEAD = 0.01;

  private final Activation activation;
  private final Distribution input = new Distribution();
  private final Distribution output = new Distribution();
  private final float[] greatest;
  private final int positions;
  private long saturated;
  private long linear;

  /** Statistics of a tensor with {@code channels × positions} values per image. */
  ActivationStatistics(Activation activation, int channels, int positions) {
    this.activation = activation;
    this.greatest = new float[channels];
    this.positions = positions;
  }

  /** Adds one image: the first of each buffer. All values must be finite. */
  void add(FloatBuffer inputs, FloatBuffer outputs) {
    int size = greatest.length * positions;
    float[] in = new float[size];
    float[] out = new float[size];
    inputs.get(0, in);
    outputs.get(0, out);
    for (int i = 0; i < size; i++) {
      input.add(in[i]);
      output.add(out[i]);
      saturated += activation.function().saturated(in[i]) ? 1 : 0;
      linear += activation.function().linear(in[i]) ? 1 : 0;
      int channel = i / positions;
      greatest[channel] = Math.max(greatest[channel], Math.abs(out[i]));
    }
  }

  /**
   * The layer that the function belongs to.
   *
   * @return the layer's name, such as {@code model.4/m.0/cv1}
   */
  public String layer() {
    return activation.layer();
  }

  /**
   * The name of the function.
   *
   * @return such as {@code SiLU}
   */
  public String functionName() {
    return activation.function().name();
  }

  /**
   * The function in the graph.
   *
   * @return the function, its layer and its tensors
   */
  @SuppressWarnings("exports") // for reports and plots; embedders have layer() and functionName()
  public Activation activation() {
    return activation;
  }

  /**
   * The function's inputs.
   *
   * @return their distribution over all positions, channels and images
   */
  public Distribution input() {
    return input;
  }

  /**
   * The function's outputs.
   *
   * @return their distribution over all positions, channels and images
   */
  public Distribution output() {
    return output;
  }

  /**
   * The share of inputs at which the gradient nearly vanishes.
   *
   * @return in [0,1]; see {@link dev.whybox.graph.ActivationFunction}
   */
  public double saturated() {
    return (double) saturated / input.count();
  }

  /**
   * The share of inputs at which the slope is near 1.
   *
   * @return in [0,1]; see {@link dev.whybox.graph.ActivationFunction}
   */
  public double linear() {
    return (double) linear / input.count();
  }

  /**
   * The number of channels.
   *
   * @return at least 1
   */
  public int channels() {
    return greatest.length;
  }

  int positions() {
    return positions;
  }

  /**
   * The channels whose output was within {@value #DEAD} of 0 at every position of every image.
   *
   * @return their numbers, in ascending order
   */
  public int[] dead() {
    return IntStream.range(0, greatest.length)
        .filter(channel -> greatest[channel] <= DEAD)
        .toArray();
  }
}
