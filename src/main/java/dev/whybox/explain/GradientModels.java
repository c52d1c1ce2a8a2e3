// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.Engine;
import dev.whybox.graph.Gradient;
import dev.whybox.graph.GradientGraph;
import dev.whybox.yolo.YoloModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's gradient graphs, each written and opened when it is first asked for, and then kept.
 * Safe to share between threads.
 */
final class GradientModels implements AutoCloseable {
  private final byte[] onnx;
  private final YoloModel model;
  private final Map<Key, Opened> opened = new HashMap<>();
  private ModelGraph graph;

  /** What distinguishes graphs: the target tensor, the tensors to differentiate at, the rules. */
  record Key(String target, List<String> sources, boolean guided) {}

  /** A gradient graph in an engine. */
  record Opened(Engine engine, GradientGraph gradients) {}

  GradientModels(byte[] onnx, YoloModel model) {
    this.onnx = onnx;
    this.model = model;
  }

  synchronized ModelGraph graph() {
    if (graph == null) {
      graph = new ModelGraph(onnx, model);
    }
    return graph;
  }

  synchronized Opened get(Key key) {
    return opened.computeIfAbsent(key, this::open);
  }

  private Opened open(Key key) {
    ModelGraph known = graph();
    boolean pixels = key.sources().equals(List.of(known.image()));
    GradientGraph gradients =
        Gradient.of(
            known.graph(),
            known.shapes(),
            key.target(),
            key.sources(),
            pixels ? List.of() : key.sources(),
            key.guided());
    String name = "the gradients of " + model.info().path() + " for " + key.target();
    return new Opened(model.engine().open(gradients.model().toByteArray(), name), gradients);
  }

  @Override
  public synchronized void close() {
    opened.values().forEach(model -> model.engine().close());
    opened.clear();
  }
}
