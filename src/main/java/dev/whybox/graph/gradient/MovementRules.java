// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.graph.Dims;
import dev.whybox.graph.Simplification;
import dev.whybox.graph.SliceRange;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that move elements without changing them: the gradient moves back. */
final class MovementRules {
  private MovementRules() {}

  static void same(Step step) {
    step.give(0, step.gradient());
  }

  static void cast(Step step) {
    DataType type = step.inType(0);
    step.give(0, step.write().cast(step.gradient(), type));
  }

  static void reshape(Step step) {
    if (Simplification.target(step.inShape(0)) == null) {
      throw step.blocked("more than one of its sizes depends on the batch");
    }
    step.give(0, step.write().reshape(step.gradient(), step.inShape(0)));
  }

  static void transpose(Step step) {
    long[] order = step.attributes().integers("perm");
    int rank = step.inShape(0).length;
    long[] back = new long[rank];
    for (int i = 0; i < rank; i++) {
      back[order == null ? rank - 1 - i : (int) order[i]] = i;
    }
    step.give(0, step.write().transpose(step.gradient(), back));
  }

  static void expand(Step step) {
    step.giveSummed(0, step.gradient(), step.outShape(0));
  }

  static void concat(Step step) {
    int axis = Dims.axis(step.attributes().integer("axis", 0), step.outShape(0).length);
    long[] sizes = new long[step.inputs()];
    boolean all = true;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = step.inShape(i)[axis];
      all &= step.needs(i);
      if (sizes[i] < 0) {
        throw step.blocked("it joins along the batch");
      }
    }
    List<String> parts = all ? step.write().split(step.gradient(), axis, sizes) : null;
    long start = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (step.needs(i)) {
        step.give(
            i,
            all
                ? parts.get(i)
                : step.write().slice(step.gradient(), axis, start, start + sizes[i], 1));
      }
      start += sizes[i];
    }
  }

  static void split(Step step) {
    long[] whole = step.inShape(0);
    int axis = Dims.axis(step.attributes().integer("axis", 0), whole.length);
    List<String> parts = new ArrayList<>();
    String sum = null;
    long start = 0;
    for (int i = 0; i < step.node().getOutputCount(); i++) {
      String g = step.gradient(i);
      long size = step.outShape(i)[axis];
      if (g != null) {
        parts.add(g);
      }
      start += size;
    }
    if (parts.size() == step.node().getOutputCount()) {
      step.give(0, step.write().concat(parts, axis));
      return;
    }
    long at = 0;
    for (int i = 0; i < step.node().getOutputCount(); i++) {
      long size = step.outShape(i)[axis];
      if (step.gradient(i) != null) {
        String grown =
            step.write()
                .pad(step.gradient(i), whole.length, axis, at, start - at - size, step.type(), 0);
        sum = sum == null ? grown : step.write().add(sum, grown);
      }
      at += size;
    }
    step.give(0, sum);
  }

  static void slice(Step step) {
    long[] in = step.inShape(0);
    long[] out = step.outShape(0);
    List<TensorData> values = new ArrayList<>();
    values.add(null);
    for (int i = 1; i < step.inputs(); i++) {
      values.add(step.in(i).isEmpty() ? null : step.constant(i));
    }
    SliceRange range = SliceRange.of(values, concrete(in));
    String g = step.gradient();
    long[] shape = out;
    for (int axis = 0; axis < in.length; axis++) {
      if (in[axis] == out[axis] && range.steps()[axis] == 1) {
        continue;
      }
      if (in[axis] < 0) {
        throw step.blocked("it takes some images of a batch");
      }
      long[] picks = new long[(int) out[axis]];
      for (int i = 0; i < picks.length; i++) {
        picks[i] = range.starts()[axis] + i * range.steps()[axis];
      }
      g = Picks.back(step, g, shape, axis, picks, in[axis]);
      shape[axis] = in[axis];
    }
    step.give(0, g);
  }

  /** Any large number stands for a batch, of which a slice takes all. */
  private static long[] concrete(long[] shape) {
    return Arrays.stream(shape).map(d -> d < 0 ? 1 << 20 : d).toArray();
  }

  static void gather(Step step) {
    long[] in = step.inShape(0);
    int axis = Dims.axis(step.attributes().integer("axis", 0), in.length);
    if (in[axis] < 0) {
      throw step.blocked("it takes some images of a batch");
    }
    long[] picks = step.constant(1).asLongs();
    for (int i = 0; i < picks.length; i++) {
      picks[i] += picks[i] < 0 ? in[axis] : 0;
    }
    long[] flat = in.clone();
    flat[axis] = picks.length;
    String g =
        step.constant(1).shape().length == 1
            ? step.gradient()
            : step.write().reshape(step.gradient(), flat);
    step.give(0, Picks.back(step, g, flat, axis, picks, in[axis]));
  }

  static void pad(Step step) {
    if (!step.attributes().text("mode", "constant").equals("constant") || step.inputs() > 3) {
      throw step.blocked("only constant padding of all axes is known");
    }
    long[] pads = step.constant(1).asLongs();
    long[] in = step.inShape(0);
    String g = step.gradient();
    for (int axis = 0; axis < in.length; axis++) {
      if (pads[axis] < 0 || pads[axis + in.length] < 0) {
        throw step.blocked("negative padding is not known");
      }
      if (pads[axis] > 0 || pads[axis + in.length] > 0) {
        g = step.write().slice(g, axis, pads[axis], pads[axis] + in[axis], 1);
      }
    }
    step.give(0, g);
  }
}
