// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.Score;

/** What makes evaluators: the host or a GPU, with a model on it. Safe to share between threads. */
public interface Evaluators extends AutoCloseable {

  /**
   * What runs the model.
   *
   * @return name, version, device and precision
   */
  EngineInfo info();

  /**
   * How to find out the fastest way to spread samples here.
   *
   * @return a search that has not begun
   */
  PlanSearch search();

  /**
   * How to spread samples where nothing is known and a search does not pay.
   *
   * @return a plan that can be run
   */
  LanePlan simple();

  /**
   * Makes an evaluator, without buffers; {@link Evaluator#use} comes before the first score.
   *
   * @param scene the image and its baseline
   * @param masks which pixels keep their colour
   * @param scorer the targets
   * @return the evaluator, to be closed before this
   */
  Evaluator of(Scene scene, Masks masks, Score scorer);

  /** Frees what the evaluators share. A second call does nothing. */
  @Override
  void close();
}
