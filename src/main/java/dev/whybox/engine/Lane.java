// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import java.nio.FloatBuffer;
import java.util.List;

/** Buffers for one batch, allocated once and run again and again. For one thread at a time. */
public interface Lane extends AutoCloseable {

  /**
   * Images a run.
   *
   * @return at least 1
   */
  int batch();

  /**
   * What the next run reads.
   *
   * @return a direct buffer of the first input's values, of an image's {@code [batch, 3, height,
   *     width]}
   */
  default FloatBuffer input() {
    return inputs().get(0);
  }

  /**
   * What the last run wrote.
   *
   * @return a direct buffer of the first output's {@code [batch, …]} values
   */
  default FloatBuffer output() {
    return outputs().get(0);
  }

  /**
   * What the next run reads, where the model has several inputs.
   *
   * @return a direct buffer per port, in the order they were asked for
   */
  List<FloatBuffer> inputs();

  /**
   * What the last run wrote, where several outputs were asked for.
   *
   * @return a direct buffer per port, in the order they were asked for
   */
  List<FloatBuffer> outputs();

  /** Runs the model on the input buffers. */
  void run();

  /** Frees the buffers. A second call does nothing. */
  @Override
  void close();
}
