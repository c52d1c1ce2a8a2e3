// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import java.util.List;
import java.util.function.BiFunction;

/** Functions of one number: gradient times slope. */
final class FunctionRules {
  private FunctionRules() {}

  /** A rule from the slope; a slope is written from the step. */
  static GradientRule of(BiFunction<Step, NodeWriter, String> slope) {
    return step -> step.give(0, step.write().mul(step.gradient(), slope.apply(step, step.write())));
  }

  /** The same for an activation function, which guided backpropagation treats by itself. */
  static GradientRule activation(BiFunction<Step, NodeWriter, String> slope) {
    return step -> {
      String value = slope.apply(step, step.write());
      step.give(0, step.write().mul(step.activationGradient(), value));
    };
  }

  static String sigmoid(Step step, NodeWriter write) {
    String y = step.out(0);
    return write.mul(y, step.complement(y));
  }

  static String tanh(Step step, NodeWriter write) {
    String y = step.out(0);
    return write.sub(step.scalar(1), write.mul(y, y));
  }

  static String relu(Step step, NodeWriter write) {
    return write.cast(positive(step, step.out(0), 0), step.type());
  }

  static String leakyRelu(Step step, NodeWriter write) {
    String alpha = step.scalar((float) step.attributes().real("alpha", 0.01f));
    return step.emit("Where", List.of(positive(step, step.in(0), 0), step.scalar(1), alpha));
  }

  /** x · max(0, min(1, x/6 + 1/2)): 0 below −3, 1 above 3, x/3 + 1/2 between. */
  static String hardSwish(Step step, NodeWriter write) {
    String x = step.in(0);
    String middle = write.add(step.mul(x, 1.0 / 3), step.scalar(0.5));
    String upper = step.emit("Where", List.of(positive(step, x, 3), step.scalar(1), middle));
    return step.emit("Where", List.of(positive(step, x, -3), upper, step.scalar(0)));
  }

  static String hardSigmoid(Step step, NodeWriter write) {
    String alpha = step.scalar((float) step.attributes().real("alpha", 0.2f));
    String below =
        step.emit("Where", List.of(positive(step, step.out(0), 0), alpha, step.scalar(0)));
    String above = step.emit("Less", List.of(step.out(0), step.scalar(1)));
    return step.emit("Where", List.of(above, below, step.scalar(0)));
  }

  /** 1 where nothing was cut off. */
  static String clip(Step step, NodeWriter write) {
    return write.equal(step.in(0), step.out(0), step.type());
  }

  static String sqrt(Step step, NodeWriter write) {
    return write.div(step.scalar(0.5), step.out(0));
  }

  static String abs(Step step, NodeWriter write) {
    return step.emit(
        "Where", List.of(positive(step, step.in(0), 0), step.scalar(1), step.scalar(-1)));
  }

  static String cos(Step step, NodeWriter write) {
    return step.mul(step.emit("Sin", List.of(step.in(0))), -1);
  }

  static String reciprocal(Step step, NodeWriter write) {
    return step.mul(write.mul(step.out(0), step.out(0)), -1);
  }

  private static String positive(Step step, String x, double above) {
    return step.emit("Greater", List.of(x, step.scalar(above)));
  }
}
