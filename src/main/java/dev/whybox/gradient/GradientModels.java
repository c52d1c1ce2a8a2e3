// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

import dev.whybox.engine.GraphEngine;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.HalfPrecision;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.gradient.Gradient;
import dev.whybox.graph.gradient.GradientGraph;
import dev.whybox.yolo.YoloModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's gradient graphs, each written and opened when it is first asked for. Each holds the
 * weights, so only the {@value #KEPT} that were used last are kept. Safe to share between threads.
 */
public final class GradientModels implements AutoCloseable {
  private static final int KEPT = 8;

  private final byte[] onnx;
  private final YoloModel model;
  private final boolean half;
  private final Map<Key, Opened> opened = new LinkedHashMap<>(16, 0.75f, true);
  private ModelGraph graph;

  /** What distinguishes graphs: the target tensor, the tensors to differentiate at, the rules. */
  public record Key(String target, List<String> sources, boolean guided) {}

  /** A gradient graph in an engine. */
  static final class Opened {
    private final GraphEngine engine;
    private final GradientGraph gradients;
    private int users;

    private Opened(GraphEngine engine, GradientGraph gradients) {
      this.engine = engine;
      this.gradients = gradients;
    }

    GraphEngine engine() {
      return engine;
    }

    GradientGraph gradients() {
      return gradients;
    }
  }

  /**
   * No graphs yet.
   *
   * @param half whether a float32 model is to compute in float16 where that is safe
   */
  public GradientModels(byte[] onnx, YoloModel model, boolean half) {
    this.onnx = onnx;
    this.model = model;
    this.half = half;
  }

  public synchronized ModelGraph graph() {
    if (graph == null) {
      graph = new ModelGraph(onnx, model);
    }
    return graph;
  }

  /** A graph for a user, who gives it back with {@link #release}. */
  public synchronized Opened acquire(Key key) {
    Opened found = opened.get(key);
    if (found == null) {
      closeIdle();
      found = open(key);
      opened.put(key, found);
    }
    found.users++;
    return found;
  }

  public synchronized void release(Opened used) {
    used.users--;
  }

  private void closeIdle() {
    var oldest = opened.values().iterator();
    while (opened.size() >= KEPT && oldest.hasNext()) {
      Opened candidate = oldest.next();
      if (candidate.users == 0) {
        oldest.remove();
        candidate.engine.close();
      }
    }
  }

  private Opened open(Key key) {
    ModelGraph known = graph();
    boolean pixels = key.sources().equals(List.of(known.image()));
    OnnxGraph forward = known.graph();
    GraphShapes shapes = known.shapes();
    if (half) {
      // Tensors keep their names.
      forward = new OnnxGraph(HalfPrecision.of(forward, shapes));
      shapes = GraphShapes.of(forward, model.info().inputHeight(), model.info().inputWidth());
    }
    GradientGraph gradients =
        Gradient.of(
            forward,
            shapes,
            List.of(key.target()),
            key.sources(),
            pixels ? List.of() : key.sources(),
            key.guided());
    String name = "the gradients of " + model.info().path() + " for " + key.target();
    return new Opened(model.engine().open(gradients.model().toByteArray(), name), gradients);
  }

  /** Closes all; nobody may use them any more. */
  @Override
  public synchronized void close() {
    opened.values().forEach(each -> each.engine.close());
    opened.clear();
  }
}
