// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.dream.DreamPasses.Term;
import dev.whybox.dream.DreamTarget.OfBox;
import dev.whybox.dream.DreamTarget.OfChannel;
import dev.whybox.dream.DreamTarget.OfClass;
import dev.whybox.dream.DreamTarget.OfNeuron;
import dev.whybox.engine.Lane;
import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.GradientPass;
import dev.whybox.gradient.ModelGraph;
import dev.whybox.graph.Activation;
import dev.whybox.graph.Origin;
import dev.whybox.image.Box;
import dev.whybox.yolo.Head;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The value of a target and its gradient. For a class or a box, a forward pass first chooses the
 * anchors anew for every picture. For one thread at a time.
 */
final class DreamObjective implements AscentObjective, AutoCloseable {
  private final YoloModel model;
  private final ModelGraph graph;
  private final DreamTarget target;
  private final GradientAscent method;
  private final Source source;
  private final long[] shape;
  private final List<Term> cells;
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
    if (target instanceof OfClass || target instanceof OfBox) {
      this.source = headSource();
      this.shape = null;
      this.cells = List.of();
      this.forward = model.lane(threads);
    } else {
      OfChannel all = target instanceof OfChannel channel ? channel : null;
      this.source = source(all == null ? ((OfNeuron) target).layer() : all.layer());
      this.shape = graph.shape(source.tensors().get(0));
      this.cells = all == null ? List.of() : terms(all);
      this.forward = null;
    }
    this.passes = new DreamPasses(models, threads);
  }

  /** The tensors that the value is read from. */
  Source source() {
    return source;
  }

  /** The source of a target in the head: a class or a box. */
  private Source headSource() {
    int classId = target instanceof OfClass wanted ? wanted.classId() : ((OfBox) target).classId();
    Stream<String> logits = anchors().mapToObj(a -> graph.joinedLogit(classId, a).tensor());
    if (target instanceof OfClass) {
      return new Source(logits.distinct().toList(), "logit", null);
    }
    Stream<String> boxes = anchors().mapToObj(a -> graph.coordinate(0, a).tensor());
    List<String> tensors = Stream.concat(logits, boxes).distinct().toList();
    return new Source(tensors, "logit less distance", null);
  }

  private IntStream anchors() {
    return IntStream.iterate(0, model::hasAnchor, anchor -> anchor + 1);
  }

  /**
   * The layer's map. If an activation function makes the map, the source is that function's input.
   */
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
  public double evaluate(float[] planes, Affine view, float[] gradient) {
    if (target instanceof OfClass wanted) {
      look(planes);
      return passes.evaluate(planes, terms(wanted), gradient);
    }
    if (target instanceof OfBox wanted) {
      look(planes);
      return evaluate(planes, new BoxAim(model, graph, wanted, view, method.anchors()), gradient);
    }
    List<Term> terms = target instanceof OfNeuron one ? terms(one, view) : cells;
    return passes.evaluate(planes, terms, gradient);
  }

  /** The mean logit minus the cost of the distance; see {@link OfBox}. */
  private double evaluate(float[] planes, BoxAim aim, float[] gradient) {
    aim.look(forward.outputs());
    double logit = passes.evaluate(planes, aim.logits(), gradient);
    float[] other = new float[gradient.length];
    passes.evaluate(planes, aim.edges(), other);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += other[i];
    }
    return logit - aim.cost();
  }

  private void look(float[] planes) {
    forward.input().put(0, planes);
    forward.run();
  }

  /** The mean over all cells of a channel. */
  private List<Term> terms(OfChannel all) {
    int columns = (int) shape[3];
    int count = (int) shape[2] * columns;
    return IntStream.range(0, count)
        .mapToObj(i -> term(all.channel(), i / columns, i % columns, 1.0 / count))
        .toList();
  }

  /** The cell of the view that shows the same part of the picture as the neuron's cell. */
  private List<Term> terms(OfNeuron one, Affine view) {
    double down = (double) model.info().inputHeight() / shape[2];
    double across = (double) model.info().inputWidth() / shape[3];
    double[] seen =
        view.toView((one.column() + 0.5) * across - 0.5, (one.row() + 0.5) * down - 0.5);
    int column = cell((seen[0] + 0.5) / across, shape[3]);
    int row = cell((seen[1] + 0.5) / down, shape[2]);
    return List.of(term(one.channel(), row, column, 1));
  }

  private static int cell(double place, long count) {
    return (int) Math.max(0, Math.min(Math.floor(place), count - 1));
  }

  private Term term(int channel, int row, int column, double weight) {
    long[] place = {0, channel, row, column};
    return Term.of(new Origin(source.tensors().get(0), shape, place), weight);
  }

  /**
   * The logits of the anchors with the highest probabilities of the class, in each field of the
   * picture; of equal ones the first. An anchor belongs to the field that holds the centre of its
   * box.
   */
  private List<Term> terms(OfClass wanted) {
    Head.Reader reader = model.head().reader();
    reader.read(forward.outputs(), 0);
    float[] likely = new float[model.head().candidates()];
    reader.probabilities(wanted.classId(), likely);
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
      if (taken[field(reader.region(anchor).bounds())]++ < method.anchors()) {
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

  /** The field of a position along one side. Positions outside count to the outermost field. */
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
