// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.adapt.Adapter.Adapted;
import dev.whybox.engine.OrtEngine;
import dev.whybox.error.Resources;
import dev.whybox.yolo.YoloModel;

/** A model on the CPU, run by ONNX Runtime. */
public final class CpuBackend implements Backend {
  private final Resources owned = new Resources();
  private final YoloModel model;
  private final Evaluators evaluators;

  /**
   * Opens a model.
   *
   * @param opened the model; closed with this
   * @param name its name in messages and results
   * @param threads threads for inference, at least 1
   * @param batch images per run, or 0 to choose by measuring
   * @param size the side of the input in pixels for a model of free size, or 0 for the model's own
   * @throws dev.whybox.error.WhyboxException where it is no such detector
   */
  public CpuBackend(Adapted opened, String name, int threads, int batch, int size) {
    boolean good = false;
    try {
      OrtEngine engine = owned.add(opened.engine());
      this.model = new YoloModel(engine, name, opened.sha256(), size);
      this.evaluators = owned.add(CpuEvaluators.of(model, threads, batch));
      good = true;
    } finally {
      if (!good) {
        owned.close();
      }
    }
  }

  @Override
  public YoloModel model() {
    return model;
  }

  @Override
  public Evaluators evaluators() {
    return evaluators;
  }

  @Override
  public boolean half() {
    return false;
  }

  @Override
  public void close() {
    owned.close();
  }
}
