// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import dev.whybox.graph.AxisShapes;
import dev.whybox.graph.Dims;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that join the elements of some axes: reductions, Softmax and normalisation. */
final class AxisRules {
  private AxisRules() {}

  private static boolean[] axes(Step step) {
    List<TensorData> values = new ArrayList<>();
    values.add(null);
    if (step.inputs() > 1 && !step.in(1).isEmpty()) {
      values.add(step.constant(1));
    }
    return AxisShapes.reducedAxes(step.node(), step.inShape(0).length, values, step.opset());
  }

  /** The input's shape with 1 for each axis that was summed. */
  private static long[] kept(long[] shape, boolean[] axes) {
    long[] result = shape.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = axes[i] ? 1 : result[i];
    }
    return result;
  }

  static void sum(Step step) {
    step.give(0, stretched(step, false));
  }

  static void mean(Step step) {
    step.give(0, stretched(step, true));
  }

  /** A multiplication by a constant stretches, whatever the batch is. */
  private static String stretched(Step step, boolean mean) {
    long[] shape = step.inShape(0);
    boolean[] axes = axes(step);
    long[] map = new long[shape.length];
    for (int i = 0; i < map.length; i++) {
      if (axes[i] && shape[i] < 0) {
        throw step.blocked("it sums over the batch");
      }
      map[i] = axes[i] ? shape[i] : 1;
    }
    double share = mean ? 1.0 / Dims.count(map) : 1;
    String constant = step.write().constant("shares", TensorData.filled(step.type(), map, share));
    return step.write().mul(keptGradient(step, shape, axes), constant);
  }

  private static String keptGradient(Step step, long[] shape, boolean[] axes) {
    return step.attributes().integer("keepdims", 1) == 1
        ? step.gradient()
        : step.write().reshape(step.gradient(), kept(shape, axes));
  }

  /** To the maximum; where several tie, an equal share to each. */
  static void max(Step step) {
    long[] shape = step.inShape(0);
    boolean[] axes = axes(step);
    NodeWriter write = step.write();
    boolean keeps = step.attributes().integer("keepdims", 1) == 1;
    String y = keeps ? step.out(0) : write.reshape(step.out(0), kept(shape, axes));
    String hits = write.equal(step.in(0), y, step.type());
    long[] reduced = new long[shape.length];
    int count = 0;
    for (int i = 0; i < axes.length; i++) {
      if (axes[i]) {
        reduced[count++] = i;
      }
    }
    String ties = write.reduceSum(hits, Arrays.copyOf(reduced, count));
    String share = write.div(keptGradient(step, shape, axes), ties);
    step.give(0, write.mul(hits, share));
  }

  /** y·(g − Σ y·g). Before operator set 13 the sum runs over all axes from the named one on. */
  static void softmax(Step step) {
    int rank = step.inShape(0).length;
    boolean old = step.opset() < 13;
    int axis = Dims.axis(step.attributes().integer("axis", old ? 1 : -1), rank);
    long[] axes = new long[old ? rank - axis : 1];
    Arrays.setAll(axes, i -> axis + i);
    NodeWriter write = step.write();
    String y = step.out(0);
    String total = write.reduceSum(write.mul(y, step.gradient()), axes);
    step.give(0, write.mul(y, write.sub(step.gradient(), total)));
  }

  /** At inference it only scales each channel. */
  static void batchNormalization(Step step) {
    if (step.attributes().integer("training_mode", 0) == 1) {
      throw step.blocked("it is in training mode");
    }
    TensorData scale = step.constant(1);
    TensorData variance = step.constant(4);
    double epsilon = (float) step.attributes().real("epsilon", 1e-5f);
    double[] factors = new double[scale.values().length];
    Arrays.setAll(factors, c -> scale.values()[c] / Math.sqrt(variance.values()[c] + epsilon));
    long[] shape = new long[step.inShape(0).length];
    Arrays.fill(shape, 1);
    shape[1] = factors.length;
    String constant = step.write().constant("factors", TensorData.of(step.type(), shape, factors));
    step.give(0, step.write().mul(step.gradient(), constant));
  }
}
