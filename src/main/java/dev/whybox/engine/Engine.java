// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import dev.whybox.error.WhyboxException.UnknownLayout;
import java.util.List;
import java.util.Map;

/**
 * A detector that can be run. Safe to share between threads; the lanes it opens are not.
 *
 * <p>It has one image input {@code [batch, 3, height, width]} of float32, RGB in [0,1].
 */
public interface Engine extends GraphEngine {

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
   * @throws UnknownLayout where the model's input is not one image tensor
   */
  long[] inputShape();

  /**
   * The fewest images per run.
   *
   * @return the batch of a static export, else 1
   */
  default int smallestBatch() {
    return (int) Math.max(1, inputShape()[0]);
  }

  /**
   * All outputs of the model, in the file's order.
   *
   * @param batch images per run, at least 1
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @return at least one; without sizes where an output is no tensor
   */
  List<Port> outputs(int batch, int height, int width);

  /**
   * Opens a place to run one batch at a time.
   *
   * @param batch images per run, at least 1
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param outputs the numbers of the outputs that are wanted, from 0; at least one
   * @param threads how many threads a run may use, at least 1
   * @return a lane with buffers of its own, whose outputs have the order of the numbers; close it
   *     before the engine
   */
  Lane lane(int batch, int height, int width, List<Integer> outputs, int threads);

  /**
   * Opens a place to run one batch at a time for the first output.
   *
   * @param batch images per run, at least 1
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param threads how many threads a run may use, at least 1
   * @return a lane with buffers of its own; close it before the engine
   */
  default Lane lane(int batch, int height, int width, int threads) {
    return lane(batch, height, width, List.of(0), threads);
  }

  /**
   * The largest batch that a graph of {@link #open} takes. On a device it is 1: a plan is built and
   * tuned for one batch, which takes minutes, and one that is tuned for many rows would be slower
   * for one.
   *
   * @return at least 1
   */
  default int largestGraphBatch() {
    return 1;
  }

  /**
   * Opens another graph as this one was opened: on the same device, with as many threads.
   *
   * @param model an ONNX file
   * @param name its name in messages
   * @return an engine of its own; close it too
   */
  GraphEngine open(byte[] model, String name);
}
