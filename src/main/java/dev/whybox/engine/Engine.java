// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import dev.whybox.WhyboxException.UnknownLayout;
import java.util.List;
import java.util.Map;

/**
 * A model that can be run. Safe to share between threads; the lanes it opens are not.
 *
 * <p>A detector has one image input {@code [batch, 3, height, width]} of float32, RGB in [0,1], and
 * its first output is the head's. Other models, such as one that computes gradients, have ports of
 * any names and sizes.
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
   * @throws UnknownLayout where the model does not map one image tensor to a first output of three
   *     axes
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

  /**
   * Opens a place to run a model with any inputs and outputs.
   *
   * @param inputs all inputs of the model
   * @param outputs the outputs that are wanted
   * @param threads how many threads a run may use, at least 1
   * @return a lane with buffers of its own; close it before the engine
   */
  Lane lane(List<Port> inputs, List<Port> outputs, int threads);

  /**
   * Opens another model as this one was opened: on the same device, with as many threads.
   *
   * @param model an ONNX file
   * @param name what to call it in messages
   * @return an engine of its own; close it too
   */
  Engine open(byte[] model, String name);

  /** Frees the model. A second call does nothing. */
  @Override
  void close();
}
