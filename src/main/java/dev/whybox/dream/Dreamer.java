// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.dream.DreamTarget.OfBox;
import dev.whybox.dream.DreamTarget.OfChannel;
import dev.whybox.dream.DreamTarget.OfClass;
import dev.whybox.dream.DreamTarget.OfNeuron;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.explain.Budget;
import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.ModelGraph;
import dev.whybox.image.Box;
import dev.whybox.whitebox.GradientExplainer;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.YoloModel;
import java.util.function.BooleanSupplier;

/** Gradient ascent on a model's differentiated graph. Safe to share between threads. */
public final class Dreamer {
  private final YoloModel model;
  private final int threads;
  private final GradientModels models;

  /**
   * A dreamer that shares the gradient graphs of an explainer, which stays their owner.
   *
   * @param model the model
   * @param gradients the same model's explainer
   * @param threads threads for inference, at least 1
   */
  public Dreamer(YoloModel model, GradientExplainer gradients, int threads) {
    this.model = model;
    this.threads = threads;
    this.models = gradients.models();
  }

  /**
   * Checks a target without the work.
   *
   * @param target the target
   * @throws BadTarget where the class is none of the model's, or the box outside its input
   * @throws BadArgument where the layer, channel or neuron is none of the model's
   */
  public void check(DreamTarget target) {
    if (target instanceof OfClass wanted) {
      checkClass(wanted.classId());
    } else if (target instanceof OfBox wanted) {
      checkClass(wanted.classId());
      checkBox(wanted.box());
    } else if (target instanceof OfChannel wanted) {
      checkChannel(wanted.layer(), wanted.channel());
    } else if (target instanceof OfNeuron wanted) {
      checkChannel(wanted.layer(), wanted.channel());
      long[] shape = shape(wanted.layer());
      within("row", wanted.row(), shape[2], wanted.layer());
      within("column", wanted.column(), shape[3], wanted.layer());
    }
  }

  private void checkClass(int classId) {
    int classes = model.info().names().size();
    if (classId < 0 || classId >= classes) {
      throw new BadTarget(
          "Class %d is unknown: the model has classes 0 to %d.".formatted(classId, classes - 1));
    }
  }

  private void checkBox(Box box) {
    ModelInfo info = model.info();
    boolean inside =
        box.x1() >= 0
            && box.y1() >= 0
            && box.x2() <= info.inputWidth()
            && box.y2() <= info.inputHeight();
    // Comparisons with NaN are false.
    if (!inside || !(box.x1() < box.x2() && box.y1() < box.y2())) {
      throw new BadTarget(
          "The box %s,%s,%s,%s must lie in the model's input, from 0,0 to %d,%d, with x1 < x2 and y1 < y2."
              .formatted(
                  box.x1(), box.y1(), box.x2(), box.y2(), info.inputWidth(), info.inputHeight()));
    }
  }

  private void checkChannel(String layer, int channel) {
    within("channel", channel, shape(layer)[1], layer);
  }

  private long[] shape(String layer) {
    ModelGraph graph = models.graph();
    return graph.shape(graph.map(layer));
  }

  private static void within(String what, int value, long count, String layer) {
    if (value < 0 || value >= count) {
      throw new BadArgument(
          "The layer %s has no %s %d: they go from 0 to %d."
              .formatted(layer, what, value, count - 1));
    }
  }

  /**
   * Climbs from faint noise to a picture that excites the target.
   *
   * @param target the target
   * @param method how
   * @param budget steps, deadline, seed
   * @param listener hears of every step
   * @param closed asked after every step whether to end
   * @return the picture
   * @throws BadTarget where the class is none of the model's, or the box outside its input
   * @throws BadArgument where the layer, channel or neuron is none of the model's
   */
  public Dream dream(
      DreamTarget target,
      GradientAscent method,
      Budget budget,
      DreamListener listener,
      BooleanSupplier closed) {
    long start = System.nanoTime();
    check(target);
    budget.refuseError("gradient ascent");
    ModelInfo info = model.info();
    try (DreamObjective objective = new DreamObjective(model, models, target, method, threads)) {
      Ascent ascent =
          new Ascent(info.inputHeight(), info.inputWidth(), method, budget, objective, start);
      Ascent.Result found = ascent.run(listener, closed);
      return new Dream(
          found.image(),
          info,
          model.engine().info(),
          target,
          objective.source(),
          method,
          budget.seed(),
          found.elapsed(),
          found.stop(),
          found.start(),
          found.value(),
          found.trajectory());
    }
  }
}
