// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import dev.whybox.blackbox.Explainer;
import dev.whybox.dream.Dreamer;
import dev.whybox.engine.Turns;
import dev.whybox.error.Resources;
import dev.whybox.evaluate.Backend;
import dev.whybox.whitebox.GradientExplainer;
import dev.whybox.yolo.DetectorPool;
import dev.whybox.yolo.YoloModel;
import java.util.function.BooleanSupplier;

/** Everything that can be done with a model on one backend. Safe to share between threads. */
final class Workbench implements AutoCloseable {
  private final Resources owned = new Resources();
  private final Backend backend;
  private final DetectorPool detections;
  private final GradientExplainer gradients;
  private final MethodRunner runner;
  private final Dreamer dreamer;

  /**
   * A workbench on the CPU.
   *
   * @param onnx the model's file
   * @param cpu the model on the CPU; closed with this
   * @param threads threads for inference and mathematics, at least 1
   * @param closed whether runs are to end
   */
  Workbench(byte[] onnx, Backend cpu, int threads, BooleanSupplier closed) {
    this(onnx, cpu, cpu.model(), null, threads, closed);
  }

  /**
   * A workbench on a GPU.
   *
   * @param onnx the model's file
   * @param gpu the model on the GPU; closed with this
   * @param cpu the same model on the CPU, which gives black-box methods their hints: the choice of
   *     coalitions depends on them, and a seed is to fix it on every device
   * @param threads threads for mathematics, at least 1
   * @param closed whether runs are to end
   */
  Workbench(byte[] onnx, Backend gpu, Workbench cpu, int threads, BooleanSupplier closed) {
    this(onnx, gpu, cpu.backend.model(), cpu.gradients, threads, closed);
  }

  private Workbench(
      byte[] onnx,
      Backend backend,
      YoloModel reference,
      GradientExplainer hints,
      int threads,
      BooleanSupplier closed) {
    this.backend = owned.add(backend);
    YoloModel model = backend.model();
    Turns turns = new Turns();
    this.detections = owned.add(new DetectorPool(model, threads, turns));
    this.gradients = owned.add(new GradientExplainer(onnx, model, threads, backend.half(), turns));
    this.runner =
        new MethodRunner(
            model,
            backend.info(),
            new Explainer(reference, backend.evaluators(), threads, turns, detections::known),
            gradients,
            hints == null ? gradients : hints,
            closed);
    this.dreamer = new Dreamer(model, gradients, threads, turns);
  }

  Backend backend() {
    return backend;
  }

  DetectorPool detections() {
    return detections;
  }

  GradientExplainer gradients() {
    return gradients;
  }

  MethodRunner runner() {
    return runner;
  }

  Dreamer dreamer() {
    return dreamer;
  }

  @Override
  public void close() {
    owned.close();
  }
}
