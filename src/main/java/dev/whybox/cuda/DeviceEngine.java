// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.engine.EngineInfo;

/**
 * A detector that reads and writes memory of the GPU. Its image input is float32 {@code [batch, 3,
 * height, width]}, its head float32. Safe to share between threads; its lanes are not.
 */
public interface DeviceEngine extends AutoCloseable {

  /**
   * What runs the model.
   *
   * @return name, version, device and precision
   */
  EngineInfo info();

  /**
   * Images a run.
   *
   * @return at least 1
   */
  int batch();

  /**
   * Opens a place to run one batch at a time, with memory of its own for what lies between the
   * layers.
   *
   * @return a lane; close it before the engine
   */
  DeviceLane lane();

  /** Frees the model. A second call does nothing. */
  @Override
  void close();

  /** Runs batches, one after the other. For one thread and stream. */
  interface DeviceLane extends AutoCloseable {
    /**
     * Puts a run on a stream. It neither allocates nor waits, so that it can be recorded.
     *
     * @param stream the stream
     * @param input the batch of images
     * @param output receives the heads
     */
    void enqueue(CudaStream stream, DeviceMemory input, DeviceMemory output);

    /** Frees what the lane has. A second call does nothing. */
    @Override
    void close();
  }
}
