// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.GradientModels.Key;
import dev.whybox.gradient.ModelGraph;
import dev.whybox.whitebox.GradientRun.Share;
import dev.whybox.whitebox.GradientRun.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which targets of a call share a run, which goes forward once. Targets whose logits lie in one
 * tensor, as those of one scale do, take that tensor's own graph: it has the least to compute.
 * Where a share has targets of several scales, it takes one graph of all the model's scales, whose
 * heads are gone back through with the rows of their own scale alone; of all, not of those that are
 * met, so that no set of scales needs a graph of its own.
 */
record Shares(GradientModels models, WhiteBox method) {

  /** Each target in one share, targets of one scale beside each other, shares of about one size. */
  List<Share> of(List<Subject> subjects) {
    List<String> tensors = subjects.stream().map(Shares::tensor).distinct().toList();
    List<Share> shares = new ArrayList<>();
    int together = models.rows(tensors);
    if (tensors.size() == 1 || together > 1) {
      List<Integer> all =
          IntStream.range(0, subjects.size())
              .boxed()
              .sorted(Comparator.comparing(t -> tensors.indexOf(tensor(subjects.get(t)))))
              .toList();
      cut(all, together, subjects, shares);
      return shares;
    }
    for (String tensor : tensors) {
      List<Integer> own =
          IntStream.range(0, subjects.size())
              .boxed()
              .filter(t -> tensor(subjects.get(t)).equals(tensor))
              .toList();
      cut(own, models.rows(List.of(tensor)), subjects, shares);
    }
    return shares;
  }

  private static String tensor(Subject subject) {
    return subject.question().target();
  }

  /** As few shares of at most {@code most} as are enough, all of about one size. */
  private void cut(List<Integer> members, int most, List<Subject> subjects, List<Share> shares) {
    int count = (members.size() + most - 1) / most;
    for (int i = 0; i < count; i++) {
      int start = i * members.size() / count;
      int end = (i + 1) * members.size() / count;
      List<Integer> own = members.subList(start, end);
      shares.add(new Share(key(own.stream().map(subjects::get).toList()), own));
    }
  }

  private Key key(List<Subject> members) {
    Set<String> tensors = new LinkedHashSet<>(members.stream().map(Shares::tensor).toList());
    if (tensors.size() == 1) {
      return new Key(List.copyOf(tensors), members.get(0).sources(), method.guided());
    }
    ModelGraph graph = models.graph();
    Set<String> targets = new LinkedHashSet<>();
    Set<String> sources = new LinkedHashSet<>();
    Set<String> all = new LinkedHashSet<>(graph.logitTensors());
    all.addAll(tensors);
    for (String tensor : all) {
      List<String> own =
          method instanceof LayerMethod layers
              ? graph.layersBefore(layers.layers(), tensor)
              : List.of(graph.image());
      // Another scale may depend on none of the layers that were asked for.
      if (!own.isEmpty()) {
        targets.add(tensor);
        sources.addAll(own);
      }
    }
    if (models.rows(List.copyOf(targets)) == 1) {
      targets = tensors;
      sources = new LinkedHashSet<>();
      members.stream().map(Subject::sources).forEach(sources::addAll);
    }
    return new Key(List.copyOf(targets), List.copyOf(sources), method.guided());
  }
}
