// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.WhyboxException.NotDifferentiable;
import java.util.Arrays;
import java.util.List;

/** One node on the way back: what a {@link GradientRule} reads and where it gives. */
final class Step {
  private final Tape tape;
  private final NodeProto node;

  Step(Tape tape, NodeProto node) {
    this.tape = tape;
    this.node = node;
  }

  NodeWriter write() {
    return tape;
  }

  NodeProto node() {
    return node;
  }

  Attributes attributes() {
    return new Attributes(node);
  }

  int opset() {
    return tape.graph().opset();
  }

  String in(int i) {
    return node.getInput(i);
  }

  int inputs() {
    return node.getInputCount();
  }

  String out(int i) {
    return node.getOutput(i);
  }

  long[] inShape(int i) {
    return tape.shapes().shape(in(i));
  }

  long[] outShape(int i) {
    return tape.shapes().shape(out(i));
  }

  /** The element type of what is differentiated. */
  DataType type() {
    return tape.shapes().type(out(0));
  }

  DataType inType(int i) {
    return tape.shapes().type(in(i));
  }

  NodeProto producer(int i) {
    return tape.graph().producer(in(i));
  }

  /** Whether a tensor's own gradient is asked for. */
  boolean asked(String tensor) {
    return tape.asked(tensor);
  }

  boolean needs(int i) {
    return i < inputs() && tape.active(in(i));
  }

  /** The gradient of an output; null where the target does not depend on it. */
  String gradient(int i) {
    return tape.gradient(out(i));
  }

  String gradient() {
    return gradient(0);
  }

  /**
   * The gradient at an activation function; guided backpropagation lets only its positive part by.
   */
  String activationGradient() {
    return tape.guided() ? tape.emit("Relu", List.of(gradient())) : gradient();
  }

  /** Gives an input its share; shares of several nodes add up. */
  void give(int i, String gradient) {
    tape.give(in(i), gradient);
  }

  /** Gives a gradient that has a broadcast's shape: summed over what was stretched. */
  void giveSummed(int i, String gradient, long[] from) {
    if (needs(i)) {
      give(i, summed(gradient, from, inShape(i)));
    }
  }

  String summed(String gradient, long[] from, long[] to) {
    int missing = from.length - to.length;
    long[] axes = new long[from.length];
    int count = 0;
    for (int axis = 0; axis < from.length; axis++) {
      if (Dims.aligned(to, from.length, axis) == 1 && from[axis] != 1) {
        axes[count++] = axis;
      }
    }
    String result = gradient;
    if (count > 0) {
      result = tape.reduceSum(result, Arrays.copyOf(axes, count));
    }
    return missing > 0 ? tape.reshape(result, to) : result;
  }

  /** The values of an input that has to be a constant. */
  TensorData constant(int i) {
    TensorData value = i < inputs() ? tape.shapes().constant(in(i)) : null;
    if (value == null) {
      throw blocked(
          i < inputs()
              ? "its input " + in(i) + " is not a constant"
              : "it has no input number " + i);
    }
    return value;
  }

  boolean isConstant(int i) {
    return tape.shapes().isConstant(in(i));
  }

  String scalar(double value) {
    return tape.scalar(type(), value);
  }

  String mul(String a, double value) {
    return value == 1 ? a : tape.mul(a, scalar(value));
  }

  String emit(String op, List<String> inputs, AttributeProto... attributes) {
    return tape.emit(op, inputs, attributes);
  }

  /** The error of a node that stops the gradient. */
  NotDifferentiable blocked(String reason) {
    return Tape.blocked(node, tape.active(node), reason);
  }
}
