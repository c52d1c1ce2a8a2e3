// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.EngineInfo;
import dev.whybox.yolo.YoloModel;

/** A model on one device: what runs images as they are, perturbed images and gradients. */
public interface Backend extends AutoCloseable {

  /**
   * The model as it runs here.
   *
   * @return its engine runs images as they are, and opens graphs of gradients on the same device
   */
  YoloModel model();

  /**
   * What scores perturbed images.
   *
   * @return owned by this
   */
  Evaluators evaluators();

  /**
   * Whether gradients of a float32 model are to be computed in float16 where that is safe.
   *
   * @return false on the CPU
   */
  boolean half();

  /**
   * What runs the model.
   *
   * @return name, version, device, precision
   */
  default EngineInfo info() {
    return model().engine().info();
  }

  /** Frees the model. A second call does nothing. */
  @Override
  void close();
}
