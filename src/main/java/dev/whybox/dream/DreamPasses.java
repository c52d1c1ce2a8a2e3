// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.error.Resources;
import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.GradientModels.Key;
import dev.whybox.gradient.GradientPass;
import dev.whybox.gradient.LossScale;
import dev.whybox.graph.Origin;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes weighted sums of elements of a model's tensors, and their gradients with respect to the
 * image. There is one gradient graph per tensor; it is opened at its first use. For one thread at a
 * time.
 */
final class DreamPasses implements AutoCloseable {
  private final GradientModels models;
  private final int threads;
  private final Map<String, GradientPass> passes = new HashMap<>();
  private final Map<String, LossScale> scales = new HashMap<>();

  DreamPasses(GradientModels models, int threads) {
    this.models = models;
    this.threads = threads;
  }

  /** One element of a tensor, with its weight in the sum. */
  record Term(String tensor, int element, float weight) {
    static Term of(Origin origin, double weight) {
      return new Term(origin.tensor(), Math.toIntExact(origin.offset()), (float) weight);
    }
  }

  /** Returns Σ weight · element at an image and writes its gradient there. */
  double evaluate(float[] image, List<Term> terms, float[] gradient) {
    Arrays.fill(gradient, 0);
    double sum = 0;
    float[] part = new float[image.length];
    for (String tensor : terms.stream().map(Term::tensor).distinct().toList()) {
      List<Term> own = terms.stream().filter(term -> term.tensor().equals(tensor)).toList();
      GradientPass pass = open(tensor);
      pass.image().put(0, image);
      int[] elements = own.stream().mapToInt(Term::element).toArray();
      float[] weights = new float[elements.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = own.get(i).weight();
      }
      pass.run(elements, weights, scales.computeIfAbsent(tensor, t -> new LossScale()));
      for (Term term : own) {
        sum += (double) term.weight() * pass.value().get(term.element());
      }
      pass.gradient(0).get(0, part);
      for (int i = 0; i < part.length; i++) {
        gradient[i] += part[i];
      }
    }
    return sum;
  }

  /** Opens the gradient graph of a tensor, unless it is open. */
  GradientPass open(String tensor) {
    GradientPass found = passes.get(tensor);
    if (found == null) {
      Key key = new Key(tensor, List.of(models.graph().image()), false);
      found = new GradientPass(models, key, threads);
      passes.put(tensor, found);
    }
    return found;
  }

  @Override
  public void close() {
    try (Resources all = new Resources()) {
      passes.values().forEach(all::add);
      passes.clear();
    }
  }
}
