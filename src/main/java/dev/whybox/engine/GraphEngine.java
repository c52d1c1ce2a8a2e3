// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import java.util.List;

/**
 * A graph that can be run, of any inputs and outputs, all float32: a detector, or one that computes
 * gradients. Safe to share between threads; the lanes it opens are not.
 */
public interface GraphEngine extends AutoCloseable {

  /**
   * What runs the graph.
   *
   * @return name, version, device and precision
   */
  EngineInfo info();

  /**
   * Opens a place to run the graph.
   *
   * @param inputs all inputs of the graph
   * @param outputs the outputs that are wanted
   * @param threads how many threads per run may use, at least 1; no matter on a GPU
   * @return a lane with buffers of its own; close it before the engine
   */
  Lane lane(List<Port> inputs, List<Port> outputs, int threads);

  /** Frees the graph. A second call does nothing. */
  @Override
  void close();
}
