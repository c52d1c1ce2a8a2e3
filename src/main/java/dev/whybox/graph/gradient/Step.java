// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.Dims;
import dev.whybox.graph.TensorData;
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

  /** The Concat of channels that makes an input for this node alone, or null. */
  NodeProto soleJoin(int i) {
    NodeProto join = producer(i);
    boolean sole =
        join != null
            && join.getOpType().equals("Concat")
            && Dims.axis(new Attributes(join).integer("axis", 0), inShape(i).length) == 1
            && tape.graph().consumers(in(i)).size() == 1
            && !asked(in(i))
            && !tape.hasGradient(in(i));
    return sole ? join : null;
  }

  long channels(String tensor) {
    return tape.shapes().shape(tensor)[1];
  }

  boolean active(String tensor) {
    return tape.active(tensor);
  }

  void give(String tensor, String gradient) {
    tape.give(tensor, gradient);
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

  /**
   * 1 − x, for an x of the output's shape. Of a map it is written as a normalisation with scale −1
   * and bias 1: engines have that in their blocked layouts of channels, where a difference with a
   * scalar would make ONNX Runtime reorder each map twice, which costs as much as the convolutions.
   */
  String complement(String x) {
    return isMap() ? flipped(x, 1) : tape.sub(scalar(1), x);
  }

  /** −x, in the same way. */
  String negative(String x) {
    return isMap() ? flipped(x, 0) : mul(x, -1);
  }

  private boolean isMap() {
    long[] shape = outShape(0);
    return shape.length == 4 && shape[1] >= 0;
  }

  private String flipped(String x, double bias) {
    long channels = outShape(0)[1];
    String zero = tape.vector(type(), channels, 0);
    String one = tape.vector(type(), channels, 1);
    String minus = tape.vector(type(), channels, -1);
    return tape.emit(
        "BatchNormalization",
        List.of(x, minus, bias == 0 ? zero : one, zero, one),
        Attributes.of("epsilon", 0f));
  }

  String emit(String op, List<String> inputs, AttributeProto... attributes) {
    return tape.emit(op, inputs, attributes);
  }

  /** The error of a node that stops the gradient. */
  NotDifferentiable blocked(String reason) {
    return Tape.blocked(node, tape.active(node), reason);
  }
}
