// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import dev.whybox.graph.Attributes;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The way back from picking along one axis, out[j] = in[picks[j]]: as Slice, Gather and Resize to
 * the nearest element do. An element that was picked several times gets the sum.
 */
final class Picks {
  private Picks() {}

  /**
   * Puts a gradient's entries back along an axis.
   *
   * @param g the gradient, of {@code shape}
   * @param picks where each of its entries along the axis came from
   * @param size how long the axis was
   * @return a gradient whose axis has that size
   */
  static String back(Step step, String g, long[] shape, int axis, long[] picks, long size) {
    NodeWriter write = step.write();
    int rank = shape.length;
    if (isRun(picks)) {
      long rest = size - picks[0] - picks.length;
      return write.pad(g, rank, axis, picks[0], rest, step.type(), 0);
    }
    // A matrix of zeros and ones: slow for long axes, right for any picks.
    double[] matrix = new double[(int) (picks.length * size)];
    boolean last = axis == rank - 1;
    for (int j = 0; j < picks.length; j++) {
      int from = (int) picks[j];
      matrix[last ? (int) (j * size + from) : from * picks.length + j] = 1;
    }
    long[] sides = last ? new long[] {picks.length, size} : new long[] {size, picks.length};
    String constant = write.constant("picks", TensorData.of(step.type(), sides, matrix));
    if (last) {
      return write.matMul(g, constant);
    }
    if (axis == rank - 2) {
      return write.matMul(constant, g);
    }
    long[] order = new long[rank];
    Arrays.setAll(order, i -> i);
    order[axis] = rank - 2;
    order[rank - 2] = axis;
    return write.transpose(write.matMul(constant, write.transpose(g, order)), order);
  }

  private static boolean isRun(long[] picks) {
    for (int j = 1; j < picks.length; j++) {
      if (picks[j] != picks[0] + j) {
        return false;
      }
    }
    return picks.length > 0;
  }

  /** Resize to the nearest element. */
  static void resize(Step step) {
    Attributes attributes = step.attributes();
    if (!attributes.text("mode", "nearest").equals("nearest")) {
      throw step.blocked(
          "only the mode nearest is known, found " + attributes.text("mode", "nearest"));
    }
    long[] in = step.inShape(0);
    long[] out = step.outShape(0);
    double[] scales = null;
    if (step.inputs() > 2 && !step.in(2).isEmpty() && step.constant(2).values().length > 0) {
      scales = step.constant(2).values();
    }
    List<Integer> doubled = new ArrayList<>();
    long[][] picks = new long[in.length][];
    for (int axis = 0; axis < in.length; axis++) {
      if (in[axis] != out[axis]) {
        double scale = scales == null ? (double) out[axis] / in[axis] : scales[axis];
        picks[axis] = nearest(step, in[axis], out[axis], scale);
        if (isRepeat(picks[axis], in[axis])) {
          doubled.add(axis);
        }
      }
    }
    String g = step.gradient();
    long[] shape = out;
    if (in.length == 4 && doubled.equals(List.of(2, 3))) {
      // Whole-number enlargement: the sum of a block is its mean times its size.
      long[] block = {out[2] / in[2], out[3] / in[3]};
      g =
          step.emit(
              "AveragePool",
              List.of(g),
              Attributes.of("kernel_shape", block),
              Attributes.of("strides", block));
      g = step.mul(g, block[0] * block[1]);
      picks[2] = null;
      picks[3] = null;
    }
    for (int axis = 0; axis < in.length; axis++) {
      if (picks[axis] != null) {
        g = back(step, g, shape, axis, picks[axis], in[axis]);
        shape[axis] = in[axis];
      }
    }
    step.give(0, g);
  }

  private static boolean isRepeat(long[] picks, long size) {
    if (picks.length % size != 0) {
      return false;
    }
    for (int j = 0; j < picks.length; j++) {
      if (picks[j] != j / (picks.length / size)) {
        return false;
      }
    }
    return true;
  }

  private static long[] nearest(Step step, long in, long out, double exact) {
    String mode = step.attributes().text("coordinate_transformation_mode", "half_pixel");
    String rounding = step.attributes().text("nearest_mode", "round_prefer_floor");
    long[] picks = new long[(int) out];
    // In float32, as engines do: a coordinate just below a whole number decides what is picked.
    float scale = (float) exact;
    for (int j = 0; j < out; j++) {
      float at =
          switch (mode) {
            case "asymmetric" -> j / scale;
            case "half_pixel" -> (j + 0.5f) / scale - 0.5f;
            case "pytorch_half_pixel" -> out > 1 ? (j + 0.5f) / scale - 0.5f : 0;
            case "align_corners" -> out > 1 ? j * (in - 1f) / (out - 1) : 0;
            default -> throw step.blocked("the coordinates " + mode + " are not known");
          };
      double whole =
          switch (rounding) {
            case "floor" -> Math.floor(at);
            case "ceil" -> Math.ceil(at);
            case "round_prefer_floor" -> Math.ceil(at - 0.5);
            case "round_prefer_ceil" -> Math.floor(at + 0.5);
            default -> throw step.blocked("the rounding " + rounding + " is not known");
          };
      picks[j] = (long) Math.max(0, Math.min(in - 1.0, whole));
    }
    return picks;
  }
}
