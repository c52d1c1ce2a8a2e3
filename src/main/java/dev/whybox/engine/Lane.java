// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import java.nio.FloatBuffer;

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
   * @return a direct buffer of {@code [batch, 3, height, width]} values
   */
  FloatBuffer input();

  /**
   * What the last run wrote.
   *
   * @return a direct buffer of the first output's {@code [batch, …]} values
   */
  FloatBuffer output();

  /** Runs the model on the input buffer. */
  void run();

  /** Frees the buffers. A second call does nothing. */
  @Override
  void close();
}
