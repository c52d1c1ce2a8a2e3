// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import java.util.Map;

/**
 * A model that can be run. Safe to share between threads; the lanes it opens are not.
 *
 * <p>The model has one image input {@code [batch, 3, height, width]} of float32, RGB in [0,1], and
 * its first output is the head's.
 */
public interface Engine extends AutoCloseable {

  /**
   * What runs the model.
   *
   * @return name, version, device and precision
   */
  EngineInfo info();

  /**
   * The model's own properties.
   *
   * @return the ONNX file's {@code metadata_props}
   */
  Map<String, String> metadata();

  /**
   * The declared shape of the image input.
   *
   * @return four numbers; −1 where the size is free
   */
  long[] inputShape();

  /**
   * The shape of the first output.
   *
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @return the sizes after the batch
   */
  int[] outputShape(int height, int width);

  /**
   * Opens a place to run one batch at a time.
   *
   * @param batch images a run, at least 1
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param threads how many threads a run may use, at least 1
   * @return a lane with buffers of its own; close it before the engine
   */
  Lane lane(int batch, int height, int width, int threads);

  /** Frees the model. A second call does nothing. */
  @Override
  void close();
}
