// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import dev.whybox.graph.Activation;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/**
 * What one activation function did with all images so far. The letterbox's padding counts too: the
 * model sees it.
 */
public final class ActivationStatistics {
  /** A channel is dead where its output is never further from 0 than this. */
  public static final double DEAD = 0.01;

  private final Activation activation;
  private final Distribution input = new Distribution();
  private final Distribution output = new Distribution();
  private final float[] greatest;
  private final int positions;
  private long saturated;
  private long linear;

  /** For a tensor of {@code channels × positions} values an image. */
  ActivationStatistics(Activation activation, int channels, int positions) {
    this.activation = activation;
    this.greatest = new float[channels];
    this.positions = positions;
  }

  /** One more image: the first of each buffer, all numbers finite. */
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
   * @return its name, such as {@code model.4/m.0/cv1}
   */
  public String layer() {
    return activation.layer();
  }

  /**
   * Which function.
   *
   * @return its name, such as {@code SiLU}
   */
  public String functionName() {
    return activation.function().name();
  }

  /**
   * Which function, as the graph has it.
   *
   * @return the function, its layer and its tensors
   */
  @SuppressWarnings("exports") // for reports and plots; embedders have layer() and functionName()
  public Activation activation() {
    return activation;
  }

  /**
   * What it reads.
   *
   * @return the distribution over all positions, channels and images
   */
  public Distribution input() {
    return input;
  }

  /**
   * What it gives.
   *
   * @return the distribution over all positions, channels and images
   */
  public Distribution output() {
    return output;
  }

  /**
   * The share of inputs where the gradient all but vanishes.
   *
   * @return in [0,1]; see {@link dev.whybox.graph.ActivationFunction}
   */
  public double saturated() {
    return (double) saturated / input.count();
  }

  /**
   * The share of inputs that the function passes on.
   *
   * @return in [0,1]; see {@link dev.whybox.graph.ActivationFunction}
   */
  public double linear() {
    return (double) linear / input.count();
  }

  /**
   * How many channels there are.
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
   * @return their numbers, rising
   */
  public int[] dead() {
    return IntStream.range(0, greatest.length)
        .filter(channel -> greatest[channel] <= DEAD)
        .toArray();
  }
}
