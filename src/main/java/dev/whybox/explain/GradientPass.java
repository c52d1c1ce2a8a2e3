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
  private final Lane lane;
  private final List<String> sources;
  private final boolean shown;

  GradientPass(GradientModels models, GradientModels.Key key, int threads) {
    GradientModels.Opened opened = models.get(key);
    ModelGraph graph = models.graph();
    GradientGraph made = opened.gradients();
    this.sources = key.sources();
    this.shown = made.values().containsKey(sources.get(0));
    long[] target = graph.shape(key.target());
    List<Port> outs = new ArrayList<>();
    outs.add(new Port(made.values().get(key.target()), target));
    for (String source : sources) {
      outs.add(new Port(made.gradients().get(source), graph.shape(source)));
    }
    for (String source : shown ? sources : List.<String>of()) {
      outs.add(new Port(made.values().get(source), graph.shape(source)));
    }
    List<Port> ins =
        List.of(new Port(graph.image(), graph.shape(graph.image())), new Port(made.seed(), target));
    this.lane = opened.engine().lane(ins, outs, threads);
  }

  /** The image that the next run sees, of the input's size. */
  FloatBuffer image() {
    return lane.input();
  }

  /** Differentiates one element of the target tensor and returns its value. */
  float run(long element) {
    FloatBuffer seed = lane.inputs().get(1);
    int at = Math.toIntExact(element);
    seed.put(at, 1);
    try {
      lane.run();
    } finally {
      seed.put(at, 0);
    }
    float logit = lane.output().get(at);
    if (!Float.isFinite(logit)) {
      throw infinite(logit);
    }
    return logit;
  }

  /** The gradient at a source of the last run. */
  FloatBuffer gradient(int source) {
    return lane.outputs().get(1 + source);
  }

  /** The activations of a source of the last run; not of the image. */
  FloatBuffer activation(int source) {
    return lane.outputs().get(1 + sources.size() + source);
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
  }
}
