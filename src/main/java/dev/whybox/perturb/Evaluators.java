// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.engine.EngineInfo;
import dev.whybox.yolo.TargetScorer;

/** What makes evaluators: the host or a GPU, with a model on it. Safe to share between threads. */
public interface Evaluators extends AutoCloseable {

  /**
   * What runs the model.
   *
   * @return name, version, device and precision
   */
  EngineInfo info();

  /**
   * Images a run.
   *
   * @return at least 1, or 0 where any number can be run
   */
  int batch();

  /**
   * How many runs the device can have under way at once with profit.
   *
   * @return at least 1
   */
  int lanes();

  /**
   * Makes an evaluator, without buffers; {@link Evaluator#use} comes before the first score.
   *
   * @param scene the image and its baseline
   * @param masks which pixels keep their colour
   * @param scorer the targets
   * @return the evaluator, to be closed before this
   */
  Evaluator of(Scene scene, Masks masks, TargetScorer scorer);

  /** Frees what the evaluators share. A second call does nothing. */
  @Override
  void close();
}
