// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.DreamTarget.OfChannel;
import dev.whybox.dream.DreamTarget.OfClass;
import dev.whybox.dream.DreamTarget.OfNeuron;
import dev.whybox.dream.Objective;
import dev.whybox.engine.Lane;
import dev.whybox.explain.DreamPasses.Term;
import dev.whybox.graph.Origin;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a target asks of a model. Which anchors a class rests on is found anew at every picture, by
 * a plain forward pass. For one thread at a time.
 */
final class DreamObjective implements Objective, AutoCloseable {
  private final YoloModel model;
  private final ModelGraph graph;
  private final DreamTarget target;
  private final int anchors;
  private final DreamPasses passes;
  private final Lane forward;

  DreamObjective(
      YoloModel model, GradientModels models, DreamTarget target, int anchors, int threads) {
    this.model = model;
    this.graph = models.graph();
    this.target = target;
    this.anchors = anchors;
    ModelInfo info = model.info();
    boolean inside = target instanceof OfChannel || target instanceof OfNeuron;
    this.forward =
        inside
            ? null
            : model
                .engine()
                .lane(Math.max(1, info.batch()), info.inputHeight(), info.inputWidth(), threads);
    this.passes = new DreamPasses(models, threads);
  }

  @Override
  public double evaluate(float[] planes, float[] gradient) {
    if (target instanceof OfClass wanted) {
      look(planes);
      return passes.evaluate(planes, terms(wanted), gradient);
    }
    return passes.evaluate(planes, terms(), gradient);
  }

  /** The tensors that the value is made of: of a class, those that hold its logits. */
  List<String> tensors() {
    if (target instanceof OfNeuron one) {
      return List.of(graph.map(one.layer()));
    }
    if (target instanceof OfChannel all) {
      return List.of(graph.map(all.layer()));
    }
    OfClass wanted = (OfClass) target;
    return IntStream.iterate(0, model::hasAnchor, anchor -> anchor + 1)
        .mapToObj(anchor -> graph.joinedLogit(wanted.classId(), anchor).tensor())
        .distinct()
        .toList();
  }

  private void look(float[] planes) {
    forward.input().put(0, planes);
    forward.run();
  }

  /** All cells of a channel, or one. */
  private List<Term> terms() {
    if (target instanceof OfNeuron one) {
      return List.of(term(one.layer(), one.channel(), one.row(), one.column(), 1));
    }
    OfChannel all = (OfChannel) target;
    long[] shape = graph.shape(graph.map(all.layer()));
    int columns = (int) shape[3];
    int cells = (int) shape[2] * columns;
    return IntStream.range(0, cells)
        .mapToObj(i -> term(all.layer(), all.channel(), i / columns, i % columns, 1.0 / cells))
        .toList();
  }

  private Term term(String layer, int channel, int row, int column, double weight) {
    String tensor = graph.map(layer);
    long[] place = {0, channel, row, column};
    return Term.of(new Origin(tensor, graph.shape(tensor), place), weight);
  }

  /** The logits of the anchors where the class is likeliest; of equals the first. */
  private List<Term> terms(OfClass wanted) {
    float[] likely = model.probabilities(forward.output(), wanted.classId());
    int[] best = new int[Math.min(anchors, likely.length)];
    int count = 0;
    for (int a = 0; a < likely.length; a++) {
      if (!Float.isFinite(likely[a])) {
        throw GradientPass.infinite(likely[a]);
      }
      if (count < best.length || likely[a] > likely[best[count - 1]]) {
        int at = count < best.length ? count++ : count - 1;
        for (; at > 0 && likely[a] > likely[best[at - 1]]; at--) {
          best[at] = best[at - 1];
        }
        best[at] = a;
      }
    }
    List<Term> terms = new ArrayList<>();
    for (int anchor : best) {
      terms.add(Term.of(graph.joinedLogit(wanted.classId(), anchor), 1.0 / best.length));
    }
    return terms;
  }

  @Override
  public void close() {
    passes.close();
    if (forward != null) {
      forward.close();
    }
  }
}
