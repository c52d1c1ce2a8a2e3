// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.gradient.LossScale.Outcome;
import dev.whybox.graph.gradient.GradientGraph;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A gradient graph with buffers for one image. For one thread at a time. */
public final class GradientPass implements AutoCloseable {
  private final GradientModels models;
  private final GradientModels.Key key;
  private final GradientModels.Opened opened;
  private final int threads;
  private final int sources;
  private final Lane lane;

  /** The last exponent that gave infinity or NaN. */
  private int infinite;

  public GradientPass(GradientModels models, GradientModels.Key key, int threads) {
    this.models = models;
    this.key = key;
    this.threads = threads;
    this.sources = key.sources().size();
    this.opened = models.acquire(key);
    Lane found = null;
    try {
      found = lane(models.graph());
    } finally {
      if (found == null) {
        models.release(opened);
      }
    }
    this.lane = found;
  }

  /** Outputs: the target's value, the gradients, and for layers their activations. */
  private Lane lane(ModelGraph graph) {
    GradientGraph made = opened.gradients();
    long[] target = graph.shape(key.target());
    List<Port> outs = new ArrayList<>();
    outs.add(new Port(made.values().get(key.target()), target));
    for (String source : key.sources()) {
      outs.add(new Port(made.gradients().get(source), graph.shape(source)));
    }
    for (String source : key.sources()) {
      if (made.values().containsKey(source)) {
        outs.add(new Port(made.values().get(source), graph.shape(source)));
      }
    }
    Port image = new Port(graph.image(), graph.shape(graph.image()));
    return opened.engine().lane(List.of(image, new Port(made.cotangent(), target)), outs, threads);
  }

  /** The image that the next run sees, of the input's size. */
  public FloatBuffer image() {
    return lane.input();
  }

  /** Differentiates one element of the target tensor and returns its value. */
  public float run(long element, LossScale scale) {
    int at = Math.toIntExact(element);
    run(new int[] {at}, new float[] {1}, scale);
    return value().get(at);
  }

  /**
   * Differentiates a sum of elements of the target tensor.
   *
   * @param elements which, each once
   * @param weights what each is multiplied by
   * @param scale where to begin; it may be another afterwards
   * @throws NonFiniteOutput where an element's value is not finite, or the gradient at every scale
   */
  public void run(int[] elements, float[] weights, LossScale scale) {
    boolean narrow = !opened.engine().info().precision().equals("fp32");
    if (!scale.settle(exponent -> attempt(elements, weights, exponent), narrow)) {
      throw fault(elements, weights, infinite).ofGradient();
    }
  }

  private GradientFault fault(int[] elements, float[] weights, int exponent) {
    return new GradientFault(
        models,
        key,
        threads,
        image(),
        elements,
        weights,
        exponent,
        !opened.engine().info().device().equals("cpu"));
  }

  private Outcome attempt(int[] elements, float[] weights, int exponent) {
    runOnce(elements, weights, exponent);
    for (int element : elements) {
      float value = value().get(element);
      if (!Float.isFinite(value)) {
        throw fault(elements, weights, 0).ofValue(value);
      }
    }
    float least = 0;
    float back = Math.scalb(1f, -exponent);
    for (int source = 0; source < sources; source++) {
      FloatBuffer gradient = gradient(source);
      float largest = 0;
      for (int i = 0; i < gradient.capacity(); i++) {
        float value = gradient.get(i);
        if (!Float.isFinite(value)) {
          infinite = exponent;
          return Outcome.INFINITE;
        }
        largest = Math.max(largest, Math.abs(value));
      }
      // A source that the target does not depend on says nothing.
      least = least == 0 || largest == 0 ? Math.max(least, largest) : Math.min(least, largest);
      for (int i = 0; exponent != 0 && i < gradient.capacity(); i++) {
        gradient.put(i, gradient.get(i) * back);
      }
    }
    return Outcome.of(least);
  }

  /** Runs and looks at nothing; the gradients stay multiplied by 2^exponent. */
  void runOnce(int[] elements, float[] weights, int exponent) {
    FloatBuffer cotangent = lane.inputs().get(1);
    for (int i = 0; i < elements.length; i++) {
      cotangent.put(elements[i], Math.scalb(weights[i], exponent));
    }
    try {
      lane.run();
    } finally {
      for (int element : elements) {
        cotangent.put(element, 0);
      }
    }
  }

  /** The target tensor of the last run. */
  public FloatBuffer value() {
    return lane.output();
  }

  /** The gradient at a source of the last run. */
  public FloatBuffer gradient(int source) {
    return lane.outputs().get(1 + source);
  }

  /** The activations of a source of the last run; not of the image. */
  public FloatBuffer activation(int source) {
    return lane.outputs().get(1 + sources + source);
  }

  public static NonFiniteOutput infinite(float value) {
    return new NonFiniteOutput(
        "The model's logit or its gradient is "
            + value
            + ". Numbers must be finite; check the export (half-precision overflow is a usual"
            + " cause: export with half=False).");
  }

  @Override
  public void close() {
    lane.close();
    models.release(opened);
  }
}
