// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.dream.DreamTarget.OfBox;
import dev.whybox.dream.DreamTarget.OfChannel;
import dev.whybox.dream.DreamTarget.OfClass;
import dev.whybox.dream.DreamTarget.OfNeuron;
import dev.whybox.engine.Turns;
import dev.whybox.engine.Turns.Turn;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.explain.Budget;
import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.ModelGraph;
import dev.whybox.image.Box;
import dev.whybox.image.Region;
import dev.whybox.whitebox.GradientExplainer;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.YoloModel;
import java.util.function.BooleanSupplier;

/** Runs gradient ascent with a model's gradient graphs. Safe to share between threads. */
public final class Dreamer {
  private final YoloModel model;
  private final int threads;
  private final GradientModels models;
  private final Turns turns;

  /**
   * Makes a dreamer. It shares the gradient graphs of an explainer, which still owns them.
   *
   * @param model the model
   * @param gradients the same model's explainer
   * @param threads threads for inference, at least 1
   * @param turns who may use the processors
   */
  public Dreamer(YoloModel model, GradientExplainer gradients, int threads, Turns turns) {
    this.model = model;
    this.turns = turns;
    this.threads = threads;
    this.models = gradients.models();
  }

  /**
   * Checks a target without running anything.
   *
   * @param target the target
   * @throws BadTarget if the model has no such class, or if the box lies outside the model's input
   * @throws BadArgument if the model has no such layer, channel or neuron
   */
  public void check(DreamTarget target) {
    if (target instanceof OfClass wanted) {
      checkClass(wanted.classId());
    } else if (target instanceof OfBox wanted) {
      checkClass(wanted.classId());
      if (!model.head().regions().contains(Region.Kind.BOX)
          || model.head().regions().contains(Region.Kind.ROTATED_BOX)) {
        throw new BadTarget(
            "A model of the task %s has no upright boxes to draw. Name a class alone."
                .formatted(model.info().task()));
      }
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
    // Written so that NaN fails: comparisons with NaN are false.
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
   * Makes a picture that excites the target, by gradient ascent from faint noise.
   *
   * @param target the target
   * @param method the parameters of the ascent
   * @param budget steps, deadline, seed
   * @param listener is told of every step
   * @param closed is asked after every step; true ends the ascent
   * @return the picture
   * @throws BadTarget if the model has no such class, or if the box lies outside the model's input
   * @throws BadArgument if the model has no such layer, channel or neuron
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
    try (Turn turn = turns.take();
        DreamObjective objective = new DreamObjective(model, models, target, method, threads)) {
      Ascent ascent =
          new Ascent(info.inputHeight(), info.inputWidth(), method, budget, objective, start);
      Ascent.Result found = ascent.run(step -> turn.without(() -> listener.onStep(step)), closed);
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
