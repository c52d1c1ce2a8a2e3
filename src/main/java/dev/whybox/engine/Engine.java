// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import dev.whybox.error.WhyboxException.UnknownLayout;
import java.util.Map;

/**
 * A detector that can be run. Safe to share between threads; the lanes it opens are not.
 *
 * <p>It has one image input {@code [batch, 3, height, width]} of float32, RGB in [0,1], and its
 * first output is the head's.
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
   * @param batch images per run, at least 1
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param threads how many threads per run may use, at least 1
   * @return a lane with buffers of its own; close it before the engine
   */
  Lane lane(int batch, int height, int width, int threads);

  /**
   * Opens a place to run as few images at a time as the model allows.
   *
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param threads how many threads per run may use, at least 1
   * @return a lane with buffers of its own, whose first image is the one that counts; close it
   *     before the engine
   */
  default Lane lane(int height, int width, int threads) {
    return lane((int) Math.max(1, inputShape()[0]), height, width, threads);
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
