// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.DreamTarget.OfChannel;
import dev.whybox.dream.DreamTarget.OfClass;
import dev.whybox.dream.DreamTarget.OfNeuron;
import dev.whybox.dream.GradientAscent;
import dev.whybox.dream.Objective;
import dev.whybox.dream.Source;
import dev.whybox.engine.Lane;
import dev.whybox.explain.DreamPasses.Term;
import dev.whybox.graph.Activation;
import dev.whybox.graph.Origin;
import dev.whybox.image.Box;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.Comparator;
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
  private final GradientAscent method;
  private final Source source;
  private final List<Term> fixed;
  private final DreamPasses passes;
  private final Lane forward;

  DreamObjective(
      YoloModel model,
      GradientModels models,
      DreamTarget target,
      GradientAscent method,
      int threads) {
    this.model = model;
    this.graph = models.graph();
    this.target = target;
    this.method = method;
    if (target instanceof OfClass wanted) {
      this.source = source(wanted);
      this.fixed = List.of();
      this.forward = forward(model, threads);
    } else {
      this.source = source(target instanceof OfNeuron one ? one.layer() : layer(target));
      this.fixed = terms();
      this.forward = null;
    }
    this.passes = new DreamPasses(models, threads);
  }

  private static Lane forward(YoloModel model, int threads) {
    ModelInfo info = model.info();
    int batch = Math.max(1, info.batch());
    return model.engine().lane(batch, info.inputHeight(), info.inputWidth(), threads);
  }

  private static String layer(DreamTarget target) {
    return ((OfChannel) target).layer();
  }

  /** Where the value is read. */
  Source source() {
    return source;
  }

  private Source source(OfClass wanted) {
    List<String> tensors =
        IntStream.iterate(0, model::hasAnchor, anchor -> anchor + 1)
            .mapToObj(anchor -> graph.joinedLogit(wanted.classId(), anchor).tensor())
            .distinct()
            .toList();
    return new Source(tensors, "logit", null);
  }

  /** The layer's map, or what the activation function reads that makes it. */
  private Source source(String layer) {
    String map = graph.map(layer);
    for (Activation each : Activation.of(graph.graph(), graph.shapes())) {
      if (each.output().equals(map)) {
        return new Source(List.of(each.input()), "pre-activation", each.function().name());
      }
    }
    return new Source(List.of(map), "activation", null);
  }

  @Override
  public double evaluate(float[] planes, float[] gradient) {
    if (target instanceof OfClass wanted) {
      look(planes);
      return passes.evaluate(planes, terms(wanted), gradient);
    }
    return passes.evaluate(planes, fixed, gradient);
  }

  private void look(float[] planes) {
    forward.input().put(0, planes);
    forward.run();
  }

  /** All cells of a channel, or one. */
  private List<Term> terms() {
    String tensor = source.tensors().get(0);
    long[] shape = graph.shape(tensor);
    if (target instanceof OfNeuron one) {
      return List.of(term(tensor, shape, one.channel(), one.row(), one.column(), 1));
    }
    OfChannel all = (OfChannel) target;
    int columns = (int) shape[3];
    int cells = (int) shape[2] * columns;
    return IntStream.range(0, cells)
        .mapToObj(i -> term(tensor, shape, all.channel(), i / columns, i % columns, 1.0 / cells))
        .toList();
  }

  private static Term term(
      String tensor, long[] shape, int channel, int row, int column, double weight) {
    return Term.of(new Origin(tensor, shape, new long[] {0, channel, row, column}), weight);
  }

  /**
   * In each field of the picture the logits of the anchors where the class is likeliest, of equals
   * the first. An anchor belongs to the field in which its box has its centre.
   */
  private List<Term> terms(OfClass wanted) {
    float[] likely = model.probabilities(forward.output(), wanted.classId());
    for (float value : likely) {
      if (!Float.isFinite(value)) {
        throw GradientPass.infinite(value);
      }
    }
    List<Integer> best =
        IntStream.range(0, likely.length)
            .boxed()
            .sorted(Comparator.comparingDouble(anchor -> -likely[anchor]))
            .toList();
    int[] taken = new int[method.fields() * method.fields()];
    List<Origin> chosen = new ArrayList<>();
    for (int anchor : best) {
      if (taken[field(model.box(forward.output(), anchor))]++ < method.anchors()) {
        chosen.add(graph.joinedLogit(wanted.classId(), anchor));
      }
    }
    return chosen.stream().map(logit -> Term.of(logit, 1.0 / chosen.size())).toList();
  }

  private int field(Box box) {
    int across = field((box.x1() + box.x2()) / 2, model.info().inputWidth());
    int down = field((box.y1() + box.y2()) / 2, model.info().inputHeight());
    return down * method.fields() + across;
  }

  /** The field of a place on a side; the outermost ones take what lies outside. */
  private int field(float place, int side) {
    int field = (int) (place * method.fields() / side);
    return Math.max(0, Math.min(field, method.fields() - 1));
  }

  @Override
  public void close() {
    passes.close();
    if (forward != null) {
      forward.close();
    }
  }
}
