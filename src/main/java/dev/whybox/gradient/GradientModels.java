// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

import dev.whybox.engine.GraphEngine;
import dev.whybox.engine.Lane;
import dev.whybox.error.Resources;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.HalfPrecision;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.gradient.Gradient;
import dev.whybox.graph.gradient.GradientGraph;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A model's gradient graphs, each written and opened when it is first asked for. Each holds the
 * weights, so only the {@value #KEPT} that were used last are kept. Lanes that nobody uses are kept
 * with them, so that a stream of small explanations allocates nothing of the image's size. Safe to
 * share between threads.
 */
public final class GradientModels implements AutoCloseable {
  /**
   * The most questions a run. Each keeps gradients of its own for every layer, half of what a
   * forward pass keeps, while what they share, the forward pass, is by then less than a fifth of
   * the time: more would cost memory and save little.
   */
  public static final int MOST_ROWS = 8;

  private static final int KEPT = 8;

  /** Buffers of lanes that nobody uses; the last one stays whatever its size. */
  private static final long IDLE_BYTES = 64L << 20;

  private final byte[] onnx;
  private final YoloModel model;
  private final boolean half;
  private final Map<Key, Opened> opened = new LinkedHashMap<>(16, 0.75f, true);

  /** The last one that was given back first. */
  private final Deque<Idle> idle = new ArrayDeque<>();

  private ModelGraph graph;
  private boolean closed;

  /**
   * What distinguishes graphs.
   *
   * @param targets the tensors whose elements may be differentiated, at least one
   * @param sources the tensors to differentiate at
   * @param guided whether activation functions let only positive gradients back
   */
  public record Key(List<String> targets, List<String> sources, boolean guided) {

    /** Copies the lists. */
    public Key {
      targets = List.copyOf(targets);
      sources = List.copyOf(sources);
    }

    /**
     * A graph for one target tensor.
     *
     * @param target the tensor whose elements may be differentiated
     * @param sources the tensors to differentiate at
     * @param guided whether activation functions let only positive gradients back
     */
    public Key(String target, List<String> sources, boolean guided) {
      this(List.of(target), sources, guided);
    }

    /**
     * The only target.
     *
     * @return its name
     */
    public String target() {
      return targets.get(0);
    }
  }

  /** What distinguishes lanes of a graph: how many questions each target has, and the threads. */
  record LaneKind(List<Integer> counts, int threads) {}

  private record Idle(Opened owner, LaneKind kind, Lane lane, long bytes) {}

  /** A gradient graph in an engine. */
  public static final class Opened {
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
   * @param onnx the model's file
   * @param model the same, as it runs
   * @param half whether a float32 model is to compute in float16 where that is safe
   */
  public GradientModels(byte[] onnx, YoloModel model, boolean half) {
    this.onnx = onnx;
    this.model = model;
    this.half = half;
  }

  /**
   * The model's graph.
   *
   * @return read when it is first asked for
   */
  public synchronized ModelGraph graph() {
    if (graph == null) {
      graph = new ModelGraph(onnx, model, model.engine().largestGraphBatch() > 1);
    }
    return graph;
  }

  /**
   * How many questions a run may have.
   *
   * @param targets the tensors that they are about
   * @return {@value #MOST_ROWS}, or 1 where the graph or the device takes one at a time; then a
   *     graph has one target
   */
  public int rows(List<String> targets) {
    ModelGraph known = graph();
    boolean many =
        model.engine().largestGraphBatch() > 1
            && Gradient.takesRows(known.graph(), known.shapes(), targets);
    return many ? Math.min(MOST_ROWS, model.engine().largestGraphBatch()) : 1;
  }

  /**
   * A graph for a user, who gives it back with {@link #release}.
   *
   * @param key which
   * @return the graph, open
   */
  public synchronized Opened acquire(Key key) {
    Opened found = opened.get(key);
    if (found == null) {
      closeUnused();
      found = open(key);
      opened.put(key, found);
    }
    found.users++;
    return found;
  }

  /**
   * Takes a graph back.
   *
   * @param used the graph that {@link #acquire} gave
   */
  public synchronized void release(Opened used) {
    used.users--;
  }

  /** A lane that was given back, or null. */
  synchronized Lane idleLane(Opened owner, LaneKind kind) {
    for (Idle each : idle) {
      if (each.owner == owner && each.kind.equals(kind)) {
        idle.remove(each);
        return each.lane;
      }
    }
    return null;
  }

  /** Takes a lane and its graph back; {@code whole} where a later pass may use the lane. */
  void giveBack(Opened owner, LaneKind kind, Lane lane, boolean whole) {
    Resources unused = new Resources();
    synchronized (this) {
      release(owner);
      if (whole && !closed) {
        idle.addFirst(new Idle(owner, kind, lane, bytes(lane)));
        while (idle.size() > 1 && idle.stream().mapToLong(Idle::bytes).sum() > IDLE_BYTES) {
          unused.add(idle.removeLast().lane);
        }
      } else {
        unused.add(lane);
      }
    }
    unused.close();
  }

  private static long bytes(Lane lane) {
    return Stream.concat(lane.inputs().stream(), lane.outputs().stream())
        .mapToLong(buffer -> (long) Float.BYTES * buffer.capacity())
        .sum();
  }

  private void closeUnused() {
    try (Resources unused = new Resources()) {
      var oldest = opened.values().iterator();
      while (opened.size() >= KEPT && oldest.hasNext()) {
        Opened candidate = oldest.next();
        if (candidate.users == 0) {
          oldest.remove();
          unused.add(candidate.engine);
          idle.stream().filter(i -> i.owner == candidate).forEach(i -> unused.add(i.lane));
          idle.removeIf(i -> i.owner == candidate);
        }
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
            key.targets(),
            key.sources(),
            pixels ? List.of() : key.sources(),
            key.guided());
    String name =
        "the gradients of " + model.info().path() + " for " + String.join(", ", key.targets());
    return new Opened(model.engine().open(gradients.model().toByteArray(), name), gradients);
  }

  /** Closes all, even where one fails; nobody may use them any more. A second call does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    try (Resources all = new Resources()) {
      opened.values().forEach(each -> all.add(each.engine));
      idle.forEach(each -> all.add(each.lane));
      opened.clear();
      idle.clear();
    }
  }
}
