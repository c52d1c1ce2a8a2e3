// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.graph.ConstantFolder;
import dev.whybox.graph.SliceRange;
import dev.whybox.graph.TensorData;
import dev.whybox.graph.Window;
import java.util.Arrays;

/** Conv and ConvTranspose, in their data: the weights have to be constants. */
final class ConvolutionRules {
  private ConvolutionRules() {}

  static void conv(Step step) {
    onlyData(step);
    TensorData weights = step.constant(1);
    long[] in = spatial(step.inShape(0));
    Window window = Window.of(step.attributes(), spatial(weights.shape()), in);
    long groups = step.attributes().integer("group", 1);
    String g = step.gradient();
    long[] out = spatial(step.outShape(0));
    NodeProto joined = groups == 1 ? step.soleJoin(0) : null;
    if (joined == null) {
      step.give(0, Spread.of(step, g, weights, groups, window, in, out));
      return;
    }
    // Over joined channels: a convolution for each part instead of one that is then taken apart,
    // so the parts never leave an engine's blocked layout of channels.
    long start = 0;
    for (String part : joined.getInputList()) {
      long end = start + step.channels(part);
      if (step.active(part)) {
        SliceRange range = SliceRange.along(weights.shape(), 1, start, end);
        TensorData own = ConstantFolder.slice(weights, range);
        step.give(part, Spread.of(step, g, own, 1, window, in, out));
      }
      start = end;
    }
  }

  /** The way back from a ConvTranspose is the Conv with the very same weights. */
  static void convTranspose(Step step) {
    onlyData(step);
    TensorData weights = step.constant(1);
    long[] in = spatial(step.inShape(0));
    Window window = Window.ofTranspose(step.attributes(), spatial(weights.shape()), in);
    long groups = step.attributes().integer("group", 1);
    String g = step.gradient();
    long[] after = window.after().clone();
    for (int i = 0; i < in.length; i++) {
      if (after[i] < 0) {
        // The last elements of the result that only an output_padding made are left out.
        long size = spatial(step.outShape(0))[i];
        g = step.write().slice(g, i + 2L, 0, size + after[i], 1);
        after[i] = 0;
      }
    }
    Window back =
        new Window(
            window.kernel(), window.strides(), window.dilations(), window.before(), after, false);
    step.give(0, Spread.convolve(step, "Conv", g, step.in(1), back, groups));
  }

  private static void onlyData(Step step) {
    if (step.needs(1) || step.needs(2)) {
      throw step.blocked("its weights or its bias depend on the image");
    }
  }

  static long[] spatial(long[] shape) {
    return Arrays.copyOfRange(shape, 2, shape.length);
  }
}
