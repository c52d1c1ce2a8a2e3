// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.WhyboxException.NonFiniteOutput;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import dev.whybox.graph.GradientGraph;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A gradient graph with buffers for one image. For one thread at a time. */
final class GradientPass implements AutoCloseable {
  private final GradientModels models;
  private final GradientModels.Opened opened;
  private final int sources;
  private final Lane lane;

  GradientPass(GradientModels models, GradientModels.Key key, int threads) {
    this.models = models;
    this.sources = key.sources().size();
    this.opened = models.acquire(key);
    Lane found = null;
    try {
      found = lane(models.graph(), key, threads);
    } finally {
      if (found == null) {
        models.release(opened);
      }
    }
    this.lane = found;
  }

  /** Outputs: the target's value, the gradients, and for layers their activations. */
  private Lane lane(ModelGraph graph, GradientModels.Key key, int threads) {
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
    return opened.engine().lane(List.of(image, new Port(made.seed(), target)), outs, threads);
  }

  /** The image that the next run sees, of the input's size. */
  FloatBuffer image() {
    return lane.input();
  }

  /** Differentiates one element of the target tensor and returns its value. */
  float run(long element) {
    int at = Math.toIntExact(element);
    seed().put(at, 1);
    try {
      run();
    } finally {
      seed().put(at, 0);
    }
    float logit = value().get(at);
    if (!Float.isFinite(logit)) {
      throw infinite(logit);
    }
    return logit;
  }

  /** What the next run weighs the target tensor's elements with; 0 everywhere at first. */
  FloatBuffer seed() {
    return lane.inputs().get(1);
  }

  /** Differentiates the sum of the target tensor's elements, weighed by the seed. */
  void run() {
    lane.run();
  }

  /** The target tensor of the last run. */
  FloatBuffer value() {
    return lane.output();
  }

  /** The gradient at a source of the last run. */
  FloatBuffer gradient(int source) {
    return lane.outputs().get(1 + source);
  }

  /** The activations of a source of the last run; not of the image. */
  FloatBuffer activation(int source) {
    return lane.outputs().get(1 + sources + source);
  }

  static NonFiniteOutput infinite(float value) {
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
