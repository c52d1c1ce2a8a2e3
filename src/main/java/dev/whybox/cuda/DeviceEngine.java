// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.Port;
import java.util.List;

/**
 * A graph on a GPU that reads and writes memory of the GPU: a detector, or a graph that computes
 * gradients. Its inputs and outputs are float32. A detector's first input is the images {@code
 * [batch, 3, height, width]}, its first output the head. Safe to share between threads; its lanes
 * are not.
 */
public interface DeviceEngine extends AutoCloseable {

  /**
   * The engine that runs the graph.
   *
   * @return name, version, device and precision
   */
  EngineInfo info();

  /**
   * The largest number of images per run.
   *
   * @return at least 1
   */
  int batch();

  /**
   * The inputs of a run.
   *
   * @param batch images per run, 1 to {@link #batch()}
   * @return the graph's inputs
   */
  List<Port> inputs(int batch);

  /**
   * The outputs of a run.
   *
   * @param batch images per run, 1 to {@link #batch()}
   * @return the graph's outputs
   */
  List<Port> outputs(int batch);

  /**
   * Opens a lane, which runs one batch at a time and has its own memory for intermediate tensors.
   *
   * @param batch images per run, 1 to {@link #batch()}
   * @return a lane; close it before the engine
   */
  DeviceLane lane(int batch);

  /** Frees the graph. A second call does nothing. */
  @Override
  void close();

  /** Runs batches one after the other. For one thread and one stream. */
  interface DeviceLane extends AutoCloseable {

    /**
     * Puts a run on a stream. It neither allocates nor waits, so it can be recorded.
     *
     * @param stream the stream
     * @param inputs one memory per input, in the order of {@link DeviceEngine#inputs}
     * @param outputs one memory per output, in the order of {@link DeviceEngine#outputs}
     */
    void enqueue(CudaStream stream, List<DeviceMemory> inputs, List<DeviceMemory> outputs);

    /** Frees the lane. A second call does nothing. */
    @Override
    void close();
  }
}
