// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.gradient.GradientModels.Key;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Finds the tensor at which numbers stop being finite, once it is known that they do: among the
 * convolutions' outputs first, then among the tensors between two of them, so that never all
 * tensors of a model are held at once.
 *
 * @param exponent the cotangent is multiplied by 2^exponent
 * @param onDevice whether a GPU found it, where graphs for the search would take minutes to build
 */
record GradientFault(
    GradientModels models,
    Key key,
    int threads,
    FloatBuffer image,
    int[] elements,
    float[] weights,
    int exponent,
    boolean onDevice) {
  private static final String ADVICE =
      " Check the export (half-precision overflow is a usual cause: export with half=False), or use"
          + " a black-box method (shap, lime, d-rise), which needs no gradients.";

  /** The error of a target whose value is not finite. */
  NonFiniteOutput ofValue(float value) {
    return new NonFiniteOutput(
        "The target "
            + key.target()
            + " is "
            + value
            + "; it must be a finite number."
            + place()
            + ADVICE);
  }

  /** The error of gradients that no scale of the cotangent makes finite and not zero everywhere. */
  NonFiniteOutput ofGradient() {
    return new NonFiniteOutput(
        "The gradient of "
            + key.target()
            + " at "
            + String.join(", ", key.sources())
            + " must be finite, but is not, or else is zero everywhere, whatever power of two its"
            + " cotangent is multiplied by."
            + place()
            + ADVICE);
  }

  private String place() {
    if (onDevice) {
      return " The CPU finds the first tensor that is not: take --device cpu.";
    }
    ModelGraph graph = models.graph();
    List<String> way = graph.way(key.target());
    List<String> coarse = way.stream().filter(graph::isConvolution).toList();
    Seen rough = look(coarse);
    if (rough == null) {
      return "";
    }
    List<String> fine =
        rough.forward() ? upTo(way, coarse, rough.at()) : from(way, coarse, rough.at());
    Seen exact = look(fine);
    if (exact == null) {
      return "";
    }
    if (exact.forward() || !Float.isFinite(exact.target())) {
      String tensor = exact.forward() ? fine.get(exact.at()) : key.target();
      return " The first tensor with a value that is not finite is "
          + tensor
          + ", made by "
          + graph.maker(tensor)
          + ".";
    }
    String tensor = exact.at() < 0 ? graph.image() : fine.get(exact.at());
    return " Counted from the target back, the first gradient that is not finite is that of "
        + tensor
        + ", read by "
        + graph.readers(tensor)
        + (exponent == 0 ? "." : " (with the cotangent multiplied by 2^" + exponent + ").");
  }

  /** What lies behind one convolution and up to the next, which is number {@code at}. */
  private static List<String> upTo(List<String> way, List<String> coarse, int at) {
    int start = at == 0 ? 0 : way.indexOf(coarse.get(at - 1)) + 1;
    return way.subList(start, way.indexOf(coarse.get(at)) + 1);
  }

  /** From convolution number {@code at}, or from the image at −1, to before the next. */
  private static List<String> from(List<String> way, List<String> coarse, int at) {
    int start = at < 0 ? 0 : way.indexOf(coarse.get(at));
    int end = at + 1 < coarse.size() ? way.indexOf(coarse.get(at + 1)) : way.size();
    return way.subList(start, end);
  }

  /**
   * Where infinity or NaN was seen.
   *
   * @param forward whether among the values; else among the gradients
   * @param at the first tensor of all where values do, or the last where gradients do; −1 where
   *     none does
   * @param target the value of one of the target's elements, one that is not finite if there is one
   */
  private record Seen(boolean forward, int at, float target) {}

  /** Null where a tensor acts on the target through whole numbers alone, so that none is seen. */
  private Seen look(List<String> tensors) {
    List<String> sources = tensors.isEmpty() ? List.of(models.graph().image()) : tensors;
    Key every = new Key(key.target(), List.copyOf(sources), key.guided());
    try (GradientPass pass = new GradientPass(models, every, threads)) {
      pass.image().put(0, image, 0, image.capacity());
      pass.runOnce(elements, weights, exponent);
      float target = 0;
      for (int element : elements) {
        float value = pass.value().get(element);
        target = Float.isFinite(target) ? value : target;
      }
      for (int i = 0; i < tensors.size(); i++) {
        if (!finite(pass.activation(i))) {
          return new Seen(true, i, target);
        }
      }
      for (int i = tensors.size() - 1; i >= 0; i--) {
        if (!finite(pass.gradient(i))) {
          return new Seen(false, i, target);
        }
      }
      return new Seen(false, -1, target);
    } catch (NotDifferentiable e) {
      return null;
    }
  }

  private static boolean finite(FloatBuffer values) {
    for (int i = 0; i < values.capacity(); i++) {
      if (!Float.isFinite(values.get(i))) {
        return false;
      }
    }
    return true;
  }
}
