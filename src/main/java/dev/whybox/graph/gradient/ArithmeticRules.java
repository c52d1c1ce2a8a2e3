// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.graph.ConstantFolder;
import dev.whybox.graph.TensorData;
import java.util.List;

/** Sums, products, quotients and powers, with broadcasting both ways; and SiLU. */
final class ArithmeticRules {
  private ArithmeticRules() {}

  static void add(Step step) {
    for (int i = 0; i < step.inputs(); i++) {
      step.giveSummed(i, step.gradient(), step.outShape(0));
    }
  }

  static void sub(Step step) {
    step.giveSummed(0, step.gradient(), step.outShape(0));
    if (step.needs(1)) {
      step.giveSummed(1, step.mul(step.gradient(), -1), step.outShape(0));
    }
  }

  static void mul(Step step) {
    int gate = gate(step);
    if (gate >= 0) {
      silu(step, step.in(gate));
      return;
    }
    for (int i = 0; i < 2; i++) {
      if (step.needs(i)) {
        String other = step.in(1 - i);
        step.giveSummed(i, step.write().mul(step.gradient(), other), step.outShape(0));
      }
    }
  }

  /** Which input is the sigmoid of the other; −1 for an ordinary product. */
  private static int gate(Step step) {
    for (int i = 0; i < 2; i++) {
      NodeProto producer = step.producer(i);
      if (producer != null
          && producer.getOpType().equals("Sigmoid")
          && producer.getInput(0).equals(step.in(1 - i))
          && !step.asked(step.in(i))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * SiLU, y = xσ(x): its derivative σ + xσ(1 − σ), from x alone. Between the forward pass and the
   * way back memory holds x, and neither σ nor y; 1 − σ(x) is computed anew, as σ(−x), since an
   * engine would find a second σ(x) to be the first and keep that. The sigmoid's own node is passed
   * by.
   */
  private static void silu(Step step, String sigmoid) {
    NodeWriter write = step.write();
    int data = step.in(0).equals(sigmoid) ? 1 : 0;
    String x = step.in(data);
    String rest = step.emit("Sigmoid", List.of(step.negative(x)));
    String again = step.complement(rest);
    String slope = write.add(write.mul(write.mul(x, rest), again), again);
    step.give(data, write.mul(step.activationGradient(), slope));
  }

  static void div(Step step) {
    NodeWriter write = step.write();
    String share = write.div(step.gradient(), step.in(1));
    step.giveSummed(0, share, step.outShape(0));
    if (step.needs(1)) {
      String down = step.mul(write.mul(share, step.out(0)), -1);
      step.giveSummed(1, down, step.outShape(0));
    }
  }

  static void pow(Step step) {
    NodeWriter write = step.write();
    if (step.needs(0)) {
      String less =
          step.isConstant(1) && step.constant(1).values().length == 1
              ? step.scalar(step.constant(1).values()[0] - 1)
              : write.sub(step.in(1), step.scalar(1));
      String power = step.emit("Pow", List.of(step.in(0), less));
      power = write.mul(write.mul(power, floating(step, 1)), step.gradient());
      step.giveSummed(0, power, step.outShape(0));
    }
    if (step.needs(1)) {
      String log = step.emit("Log", List.of(step.in(0)));
      String slope = write.mul(write.mul(step.out(0), log), step.gradient());
      step.giveSummed(1, slope, step.outShape(0));
    }
  }

  /** An exponent may be a whole number, which no product takes. */
  private static String floating(Step step, int i) {
    TensorData value = step.isConstant(i) ? step.constant(i) : null;
    return value == null || value.type() == step.type()
        ? step.in(i)
        : step.write().constant("exponent", ConstantFolder.cast(value, step.type()));
  }

  /** The smaller or larger of two; where they are equal, half to each. */
  static void extreme(Step step) {
    if (step.inputs() > 2) {
      throw step.blocked("only two inputs are known, found " + step.inputs());
    }
    NodeWriter write = step.write();
    String first = write.equal(step.in(0), step.out(0), step.type());
    String second = write.equal(step.in(1), step.out(0), step.type());
    String share = write.div(step.gradient(), write.add(first, second));
    step.giveSummed(0, write.mul(share, first), step.outShape(0));
    step.giveSummed(1, write.mul(share, second), step.outShape(0));
  }

  static void where(Step step) {
    String zero = step.scalar(0);
    for (int i = 1; i < 3; i++) {
      if (step.needs(i)) {
        String yes = i == 1 ? step.gradient() : zero;
        String no = i == 1 ? zero : step.gradient();
        step.giveSummed(i, step.emit("Where", List.of(step.in(0), yes, no)), step.outShape(0));
      }
    }
  }
}
