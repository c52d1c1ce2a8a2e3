// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import dev.whybox.graph.Attributes;
import java.util.Arrays;
import java.util.List;

/** MatMul and Gemm, in either factor. */
final class ProductRules {
  private ProductRules() {}

  static void matMul(Step step) {
    long[] a = step.inShape(0);
    long[] b = step.inShape(1);
    long[] out = step.outShape(0);
    NodeWriter write = step.write();
    if (step.needs(0)) {
      long[] shape = Arrays.copyOf(out, out.length);
      shape[out.length - 1] = b[b.length - 2];
      step.giveSummed(0, write.matMul(step.gradient(), turned(step, 1, b.length)), shape);
    }
    if (step.needs(1)) {
      long[] shape = Arrays.copyOf(out, out.length);
      shape[out.length - 2] = a[a.length - 1];
      step.giveSummed(1, write.matMul(turned(step, 0, a.length), step.gradient()), shape);
    }
  }

  /** A factor with its last two axes exchanged; of a constant, at once. */
  private static String turned(Step step, int i, int rank) {
    long[] order = new long[rank];
    Arrays.setAll(order, axis -> axis);
    order[rank - 1] = rank - 2;
    order[rank - 2] = rank - 1;
    if (step.isConstant(i)) {
      int[] axes = Arrays.stream(order).mapToInt(axis -> (int) axis).toArray();
      return step.write().constant("turned", step.constant(i).transposed(axes));
    }
    return step.write().transpose(step.in(i), order);
  }

  /** y = α·A'·B' + β·C, where ' may be a transposition. */
  static void gemm(Step step) {
    Attributes attributes = step.attributes();
    float alpha = (float) attributes.real("alpha", 1);
    boolean turnedA = attributes.integer("transA", 0) == 1;
    boolean turnedB = attributes.integer("transB", 0) == 1;
    String g = step.gradient();
    if (step.needs(0)) {
      step.give(
          0,
          turnedA
              ? product(step, step.in(1), turnedB, g, true, alpha)
              : product(step, g, false, step.in(1), !turnedB, alpha));
    }
    if (step.needs(1)) {
      step.give(
          1,
          turnedB
              ? product(step, g, true, step.in(0), turnedA, alpha)
              : product(step, step.in(0), !turnedA, g, false, alpha));
    }
    if (step.needs(2)) {
      step.giveSummed(2, step.mul(g, attributes.real("beta", 1)), step.outShape(0));
    }
  }

  private static String product(
      Step step, String a, boolean turnedA, String b, boolean turnedB, float alpha) {
    return step.emit(
        "Gemm",
        List.of(a, b),
        Attributes.of("alpha", alpha),
        Attributes.of("transA", turnedA ? 1 : 0),
        Attributes.of("transB", turnedB ? 1 : 0));
  }
}
