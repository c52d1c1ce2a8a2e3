// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.engine.Lane;
import dev.whybox.engine.Turns;
import dev.whybox.engine.Turns.Turn;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.explain.RunContext;
import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.GradientModels.Key;
import dev.whybox.gradient.GradientPass;
import dev.whybox.gradient.GradientPass.Question;
import dev.whybox.gradient.LossScale;
import dev.whybox.gradient.ModelGraph;
import dev.whybox.graph.Origin;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.image.Region;
import dev.whybox.inside.FeatureMaps;
import dev.whybox.whitebox.GradientRun.Subject;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Runs a white-box method: image → gradient graph → estimator, all targets at every sample. Safe to
 * share between threads.
 */
public final class GradientExplainer implements AutoCloseable {
  private final YoloModel model;
  private final int threads;
  private final GradientModels models;
  private final Turns turns;

  /**
   * An explainer for a model. Gradient graphs are made when they are first needed.
   *
   * @param onnx the model's file
   * @param model the same, as it runs
   * @param threads threads for inference, at least 1
   */
  public GradientExplainer(byte[] onnx, YoloModel model, int threads) {
    this(onnx, model, threads, false, new Turns());
  }

  /**
   * An explainer for a model on any device.
   *
   * @param onnx the model's file
   * @param model the same, as it runs
   * @param threads threads for work on the CPU, at least 1
   * @param half whether a float32 model is to compute in float16 where that is safe
   * @param turns who may use the processors
   */
  public GradientExplainer(byte[] onnx, YoloModel model, int threads, boolean half, Turns turns) {
    this.model = model;
    this.threads = threads;
    this.models = new GradientModels(onnx, model, half);
    this.turns = turns;
  }

  /**
   * Explains targets of one image.
   *
   * @param image the image
   * @param targets at least one, checked
   * @param method the method
   * @param budget the limits of the run
   * @param listener hears of every sample
   * @param cancelled asked after every sample
   * @return one explanation per target; its method names the layers that were used
   */
  public List<Explanation> explain(
      Image image,
      List<Target> targets,
      WhiteBox method,
      Budget budget,
      ProgressListener listener,
      BooleanSupplier cancelled) {
    long start = System.nanoTime();
    budget.checkFor(method);
    try (Turn turn = turns.take()) {
      return explain(image, targets, method, budget, start, turn, listener, cancelled);
    }
  }

  private List<Explanation> explain(
      Image image,
      List<Target> targets,
      WhiteBox method,
      Budget budget,
      long start,
      Turn turn,
      ProgressListener listener,
      BooleanSupplier cancelled) {
    ModelInfo info = model.info();
    Letterbox letterbox = info.letterbox(image);
    Image content = letterbox.content(image);
    List<Region> regions =
        targets.stream().<Region>map(target -> target.region().toInput(letterbox)).toList();
    List<Box> contentBoxes =
        regions.stream()
            .map(region -> region.bounds().moved(-letterbox.left(), -letterbox.top()))
            .toList();
    ModelGraph graph = models.graph();
    boolean look =
        method.needsScore()
            || Double.isNaN(model.head().probability(0))
            || targets.stream().anyMatch(Target.Asked.class::isInstance);
    ForwardResult seen = look ? look(letterbox, content, image, targets, regions) : null;
    List<Subject> subjects = new ArrayList<>();
    List<List<long[]>> shapes = new ArrayList<>();
    for (int t = 0; t < targets.size(); t++) {
      Target target = targets.get(t);
      int anchor = look ? seen.anchors()[t] : ((Target.Found) target).detection().anchor();
      Origin logit = graph.logit(target.classId(), anchor);
      WhiteBox own = method;
      List<String> sources = List.of(graph.image());
      if (method instanceof LayerMethod layers) {
        sources = graph.layers(layers.layers(), logit);
        own = layers.withLayers(sources.stream().map(graph::label).toList());
      }
      float score = look ? seen.scores()[t] : Float.NaN;
      Question question = Question.of(logit.tensor(), logit.offset(), new LossScale());
      subjects.add(new Subject(target, own, sources, question, score, look ? 1 : 0));
      shapes.add(sources.stream().map(graph::shape).toList());
    }
    GradientPlan plan =
        method.plan(new GradientSetting(letterbox, content, contentBoxes, shapes, budget));
    RunContext context = new RunContext(info, model.engine().info(), image, budget, start);
    Shares shares = new Shares(models, method);
    return new GradientRun(
            context,
            subjects,
            shares.of(subjects),
            (key, counts) -> new GradientPass(models, key, counts, threads),
            plan,
            model.head())
        .loop(turn, listener, cancelled);
  }

  /**
   * Shows a layer's feature maps, and what each channel adds to a target's logit.
   *
   * @param image the image
   * @param target checked
   * @param layer a tensor's name or a layer such as {@code model.15}; empty for the one that the
   *     head of the target's logit reads
   * @return the maps of the layer
   */
  public FeatureMaps features(Image image, Target target, String layer) {
    return turns.during(() -> featuresNow(image, target, layer));
  }

  private FeatureMaps featuresNow(Image image, Target target, String layer) {
    ModelInfo info = model.info();
    Letterbox letterbox = info.letterbox(image);
    Image content = letterbox.content(image);
    ModelGraph graph = models.graph();
    int anchor =
        target instanceof Target.Found found
            ? found.detection().anchor()
            : look(
                    letterbox,
                    content,
                    image,
                    List.of(target),
                    List.of(target.region().toInput(letterbox)))
                .anchors()[0];
    Origin logit = graph.logit(target.classId(), anchor);
    List<String> wanted = layer.isEmpty() ? List.of() : List.of(layer);
    List<String> layers = graph.layers(wanted, logit);
    String tensor = layers.get(layers.size() - 1);
    long[] shape = graph.shape(tensor);
    int channels = (int) shape[1];
    try (GradientPass pass =
        new GradientPass(models, new Key(logit.tensor(), List.of(tensor), false), threads)) {
      letterbox.fill(content, pass.image());
      float value = pass.run(logit.offset(), new LossScale());
      float[] activations = new float[channels * (int) (shape[2] * shape[3])];
      float[] gradients = new float[activations.length];
      pass.activation(0).get(0, activations);
      pass.gradient(0).get(0, gradients);
      for (int i = 0; i < activations.length; i++) {
        float product = activations[i] * gradients[i];
        if (!Float.isFinite(product)) {
          throw GradientPass.infinite(product);
        }
      }
      return new FeatureMaps(
          image,
          info,
          model.engine().info(),
          target,
          value,
          graph.label(tensor),
          tensor,
          (int) shape[2],
          (int) shape[3],
          activations,
          FeatureMaps.contributions(activations, gradients, channels));
    }
  }

  /** What a forward pass tells of the targets. */
  private record ForwardResult(float[] scores, int[] anchors) {}

  private ForwardResult look(
      Letterbox letterbox, Image content, Image image, List<Target> targets, List<Region> regions) {
    Box frame = letterbox.toInput(new Box(0, 0, image.width(), image.height()));
    TargetScorer scorer =
        TargetScorer.of(model, targets, regions, frame, TargetSimilarity.PROBABILITY, null);
    float[] scores = new float[targets.size()];
    int[] anchors = new int[targets.size()];
    try (Lane lane = model.lane(threads)) {
      letterbox.fill(content, lane.input());
      lane.run();
      TargetScorer.Scratch scratch = scorer.scratch();
      scratch.score(lane.outputs(), 0, scores, 0);
      for (int t = 0; t < anchors.length; t++) {
        if (targets.get(t) instanceof Target.Found found) {
          anchors[t] = found.detection().anchor();
          scores[t] = scratch.probability(lane.outputs(), 0, t, anchors[t]);
          continue;
        }
        anchors[t] = scratch.anchor(lane.outputs(), 0, t);
        if (anchors[t] < 0) {
          throw new BadTarget(
              "No anchor's box overlaps with the box "
                  + targets.get(t).box()
                  + ", so there is no logit to differentiate. Ask about a larger box, or use a"
                  + " black-box method (shap, lime, d-rise).");
        }
      }
    }
    return new ForwardResult(scores, anchors);
  }

  /**
   * The gradient graphs, which dreams share.
   *
   * @return the graphs; closed with this
   */
  @SuppressWarnings("exports") // for the hall, which hands them to the dreamer
  public GradientModels models() {
    return models;
  }

  /** Frees the gradient graphs. A second call does nothing. */
  @Override
  public void close() {
    models.close();
  }
}
