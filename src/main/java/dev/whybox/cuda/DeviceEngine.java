// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.Port;
import java.util.List;

/**
 * A graph that reads and writes memory of the GPU: a detector, or one that computes gradients. Its
 * inputs and outputs are float32; of a detector the first ones are the images {@code [batch, 3,
 * height, width]} and the head. Safe to share between threads; its lanes are not.
 */
public interface DeviceEngine extends AutoCloseable {

  /**
   * What runs the graph.
   *
   * @return name, version, device and precision
   */
  EngineInfo info();

  /**
   * The most images per run.
   *
   * @return at least 1
   */
  int batch();

  /**
   * What a run reads.
   *
   * @param batch images per run, 1 to {@link #batch()}
   * @return the graph's inputs
   */
  List<Port> inputs(int batch);

  /**
   * What a run writes.
   *
   * @param batch images per run, 1 to {@link #batch()}
   * @return the graph's outputs
   */
  List<Port> outputs(int batch);

  /**
   * Opens a place to run one batch at a time, with memory of its own for what lies between the
   * layers.
   *
   * @param batch images per run, 1 to {@link #batch()}
   * @return a lane; close it before the engine
   */
  DeviceLane lane(int batch);

  /** Frees the graph. A second call does nothing. */
  @Override
  void close();

  /** Runs batches, one after the other. For one thread and stream. */
  interface DeviceLane extends AutoCloseable {

    /**
     * Puts a run on a stream. It neither allocates nor waits, so that it can be recorded.
     *
     * @param stream the stream
     * @param inputs what to read, one each of {@link DeviceEngine#inputs}
     * @param outputs what to write, one each of {@link DeviceEngine#outputs}
     */
    void enqueue(CudaStream stream, List<DeviceMemory> inputs, List<DeviceMemory> outputs);

    /** Frees what the lane has. A second call does nothing. */
    @Override
    void close();
  }
}
