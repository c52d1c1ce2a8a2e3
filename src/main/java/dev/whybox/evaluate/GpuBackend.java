// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.yolo.YoloModel;

/**
 * A model on a GPU.
 *
 * @param model the model as it runs there
 * @param evaluators score perturbed images; they own the GPU and everything on it
 * @param half whether gradients of a float32 model are to be computed in float16 where that is safe
 */
public record GpuBackend(YoloModel model, Evaluators evaluators, boolean half) implements Backend {
  @Override
  public void close() {
    evaluators.close();
  }
}
