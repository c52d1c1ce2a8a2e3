// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.explain.PassResult;
import dev.whybox.gradient.GradientModels.Key;
import dev.whybox.gradient.LossScale.Outcome;
import dev.whybox.graph.gradient.GradientGraph;
import dev.whybox.graph.gradient.GradientGraph.Cotangent;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A gradient graph with buffers for one image and a row for each thing that is asked about it: the
 * forward pass is shared, and all rows go back together. For one thread at a time.
 */
public final class GradientPass implements AutoCloseable {
  private final GradientModels models;
  private final Key key;
  private final GradientModels.Opened opened;
  private final GradientModels.LaneKind kind;
  private final List<Cotangent> cotangents;
  private final int rows;
  private final Lane lane;
  private final float[] scratch;

  /** Whether the lane may be used again: it ran to the end, or has not run yet. */
  private boolean whole = true;

  private boolean closed;

  /**
   * What a row asks: the gradient of a sum of elements of a target tensor.
   *
   * @param target the tensor, one of the key's
   * @param elements which, each once
   * @param weights the factor of each
   * @param scale where to begin; it may be another afterwards
   */
  public record Question(String target, int[] elements, float[] weights, LossScale scale) {

    /**
     * One element alone.
     *
     * @param target the tensor, one of the key's
     * @param element its place in row-major order
     * @param scale where to begin; it may be another afterwards
     * @return the question
     */
    public static Question of(String target, long element, LossScale scale) {
      return new Question(target, new int[] {Math.toIntExact(element)}, new float[] {1}, scale);
    }
  }

  /**
   * A pass for one question at a time.
   *
   * @param models the model's graphs
   * @param key which graph; of one target
   * @param threads threads per run, at least 1
   */
  public GradientPass(GradientModels models, Key key, int threads) {
    this(models, key, List.of(1), threads);
  }

  /**
   * A pass for several questions at a time.
   *
   * @param models the model's graphs
   * @param key which graph
   * @param counts how many questions each of the key's targets will have; of a graph of several
   *     targets 0 is possible
   * @param threads threads per run, at least 1
   */
  public GradientPass(GradientModels models, Key key, List<Integer> counts, int threads) {
    this.models = models;
    this.key = key;
    this.kind = new GradientModels.LaneKind(List.copyOf(counts), threads);
    this.rows = counts.stream().mapToInt(Integer::intValue).sum();
    this.opened = models.acquire(key);
    Lane found = null;
    try {
      cotangents = opened.gradients().cotangents();
      found = models.idleLane(opened, kind);
      found = found == null ? lane(models.graph()) : found;
    } finally {
      if (found == null) {
        models.release(opened);
      }
    }
    this.lane = found;
    ModelGraph graph = models.graph();
    this.scratch =
        new float[key.sources().stream().mapToInt(s -> size(graph.shape(s))).max().orElseThrow()];
  }

  private static int size(long[] shape) {
    return Math.toIntExact(new Port("", shape).values());
  }

  private static long[] rows(long[] shape, int rows) {
    long[] result = shape.clone();
    result[0] *= rows;
    return result;
  }

  /** A target without a question has a cotangent of zeros: engines take no empty tensors. */
  private int cotangentRows(int target) {
    return Math.max(1, kind.counts().get(target));
  }

  /** Outputs: the targets' values, the gradients, and for layers their activations. */
  private Lane lane(ModelGraph graph) {
    GradientGraph made = opened.gradients();
    List<Port> ins = new ArrayList<>();
    List<Port> outs = new ArrayList<>();
    ins.add(new Port(graph.image(), graph.shape(graph.image())));
    for (int t = 0; t < cotangents.size(); t++) {
      long[] shape = graph.shape(cotangents.get(t).target());
      ins.add(new Port(cotangents.get(t).input(), rows(shape, cotangentRows(t))));
      outs.add(new Port(made.values().get(cotangents.get(t).target()), shape));
    }
    for (Cotangent each : cotangents) {
      if (each.places() != null) {
        ins.add(new Port(each.places(), new long[] {rows}));
      }
    }
    for (String source : key.sources()) {
      outs.add(new Port(made.gradients().get(source), rows(graph.shape(source), rows)));
    }
    for (String source : key.sources()) {
      if (made.values().containsKey(source)) {
        outs.add(new Port(made.values().get(source), graph.shape(source)));
      }
    }
    return opened.engine().lane(ins, outs, kind.threads());
  }

  /**
   * The image that the next run sees.
   *
   * @return {@code 3 × height × width} values of the input's size
   */
  public FloatBuffer image() {
    return lane.input();
  }

  /**
   * Differentiates one element of the only target.
   *
   * @param element its place in row-major order
   * @param scale where to begin; it may be another afterwards
   * @return the element's value
   * @throws NonFiniteOutput where the value is not finite, or the gradient at every scale
   */
  public float run(long element, LossScale scale) {
    Question question = Question.of(key.target(), element, scale);
    run(List.of(question));
    return value().get(question.elements()[0]);
  }

  /**
   * Differentiates a sum of elements of the only target.
   *
   * @param elements which, each once
   * @param weights the factor of each
   * @param scale where to begin; it may be another afterwards
   * @throws NonFiniteOutput where an element's value is not finite, or the gradient at every scale
   */
  public void run(int[] elements, float[] weights, LossScale scale) {
    run(List.of(new Question(key.target(), elements, weights, scale)));
  }

  /**
   * Differentiates all questions in one run; where half precision holds the gradients of some of
   * them at another scale alone, in several. A run is always for all rows: each has its own scale,
   * and one whose scale is found gives the same again.
   *
   * @param questions as many of each target as the pass was made for
   * @throws NonFiniteOutput where an element's value is not finite, or the gradient of one question
   *     at every scale
   */
  public void run(List<Question> questions) {
    boolean narrow = !opened.engine().info().precision().equals("fp32");
    List<LossScale.Search> searches =
        questions.stream().map(question -> question.scale().search(narrow)).toList();
    boolean first = true;
    while (first || !searches.stream().allMatch(LossScale.Search::over)) {
      runOnce(questions, searches.stream().map(LossScale.Search::exponent).toList());
      if (first) {
        questions.forEach(this::requireFinite);
        first = false;
      }
      for (int row = 0; row < rows; row++) {
        LossScale.Search search = searches.get(row);
        if (!search.over()) {
          search.saw(outcome(row));
          if (search.over() && !search.settled()) {
            throw fault(questions.get(row), search.infinite()).ofGradient();
          }
        }
      }
    }
    for (int row = 0; row < rows; row++) {
      unscale(row, searches.get(row).exponent());
    }
  }

  private void requireFinite(Question question) {
    FloatBuffer values = value(question.target());
    for (int element : question.elements()) {
      float value = values.get(element);
      if (!Float.isFinite(value)) {
        throw fault(question, 0).ofValue(value);
      }
    }
  }

  private GradientFault fault(Question question, int exponent) {
    return new GradientFault(
        models,
        new Key(question.target(), key.sources(), key.guided()),
        kind.threads(),
        image(),
        question.elements(),
        question.weights(),
        exponent,
        !opened.engine().info().device().equals("cpu"));
  }

  /** Of the smallest of the sources' largest values. */
  private Outcome outcome(int row) {
    float least = 0;
    for (int source = 0; source < key.sources().size(); source++) {
      FloatBuffer gradient = gradient(source, row);
      int size = gradient.capacity();
      gradient.get(0, scratch, 0, size);
      int bits = 0;
      for (int i = 0; i < size; i++) {
        // Without their signs floats are ordered as their bits are, and infinity and NaN come last.
        bits = Math.max(bits, Float.floatToRawIntBits(scratch[i]) & Integer.MAX_VALUE);
      }
      float largest = Float.intBitsToFloat(bits);
      if (!Float.isFinite(largest)) {
        return Outcome.INFINITE;
      }
      // A source that the target does not depend on says nothing.
      least = least == 0 || largest == 0 ? Math.max(least, largest) : Math.min(least, largest);
    }
    return Outcome.of(least);
  }

  private void unscale(int row, int exponent) {
    float back = Math.scalb(1f, -exponent);
    for (int source = 0; exponent != 0 && source < key.sources().size(); source++) {
      FloatBuffer gradient = gradient(source, row);
      for (int i = 0; i < gradient.capacity(); i++) {
        gradient.put(i, gradient.get(i) * back);
      }
    }
  }

  /** Runs and looks at nothing; the gradients stay multiplied by 2^exponent. */
  void runOnce(int[] elements, float[] weights, int exponent) {
    Question question = new Question(key.target(), elements, weights, new LossScale());
    runOnce(List.of(question), List.of(exponent));
  }

  private void runOnce(List<Question> questions, List<Integer> exponents) {
    int[] places = places(questions);
    for (int row = 0; row < rows; row++) {
      Question question = questions.get(row);
      for (int i = 0; i < question.elements().length; i++) {
        float weight = Math.scalb(question.weights()[i], exponents.get(row));
        cotangent(question, places[row]).put(question.elements()[i], weight);
      }
    }
    whole = false;
    try {
      lane.run();
      whole = true;
    } finally {
      for (int row = 0; row < rows; row++) {
        FloatBuffer cotangent = cotangent(questions.get(row), places[row]);
        for (int element : questions.get(row).elements()) {
          cotangent.put(element, 0);
        }
      }
    }
  }

  /** Which row of its target's cotangents each question has; told to the graph. */
  private int[] places(List<Question> questions) {
    int[] places = new int[rows];
    int[] used = new int[cotangents.size()];
    for (int row = 0; row < rows; row++) {
      places[row] = used[key.targets().indexOf(questions.get(row).target())]++;
    }
    List<Integer> counts = Arrays.stream(used).boxed().toList();
    if (questions.size() != rows || !counts.equals(kind.counts())) {
      throw new IllegalArgumentException(
          "The pass is for " + kind.counts() + " questions, not " + counts);
    }
    for (int t = 0; t < cotangents.size() && cotangents.size() > 1; t++) {
      FloatBuffer told = lane.inputs().get(1 + cotangents.size() + t);
      for (int row = 0; row < rows; row++) {
        boolean own = questions.get(row).target().equals(key.targets().get(t));
        told.put(row, own ? places[row] : cotangentRows(t));
      }
    }
    return places;
  }

  private FloatBuffer cotangent(Question question, int place) {
    int target = key.targets().indexOf(question.target());
    return slice(lane.inputs().get(1 + target), place, cotangentRows(target));
  }

  private static FloatBuffer slice(FloatBuffer all, int row, int rows) {
    int size = all.capacity() / rows;
    return rows == 1 ? all : all.slice(row * size, size);
  }

  /**
   * The only target of the last run.
   *
   * @return the values of the tensor
   */
  public FloatBuffer value() {
    return lane.output();
  }

  private FloatBuffer value(String target) {
    return lane.outputs().get(key.targets().indexOf(target));
  }

  /**
   * The gradient at a source of the last run, of the first question.
   *
   * @param source its number among the key's
   * @return as many values as the source has
   */
  public FloatBuffer gradient(int source) {
    return gradient(source, 0);
  }

  private FloatBuffer gradient(int source, int row) {
    return slice(lane.outputs().get(cotangents.size() + source), row, rows);
  }

  /**
   * The activations of a source of the last run; not of the image.
   *
   * @param source its number among the key's
   * @return as many values as the source has
   */
  public FloatBuffer activation(int source) {
    return lane.outputs().get(cotangents.size() + key.sources().size() + source);
  }

  /**
   * What the last run found for a question.
   *
   * @param question one of those that were run
   * @param row its number among them
   * @param sources which of the key's sources to show
   * @return views of this pass's buffers
   */
  public PassResult row(Question question, int row, List<String> sources) {
    List<FloatBuffer> gradients = new ArrayList<>();
    List<FloatBuffer> activations = new ArrayList<>();
    boolean layers = lane.outputs().size() > cotangents.size() + key.sources().size();
    for (String source : sources) {
      int at = key.sources().indexOf(source);
      gradients.add(gradient(at, row));
      if (layers) {
        activations.add(activation(at));
      }
    }
    return new PassResult(
        value(question.target()).get(question.elements()[0]),
        Collections.unmodifiableList(gradients),
        Collections.unmodifiableList(activations));
  }

  /**
   * The error of numbers that are not finite, where no tensor is to be looked for.
   *
   * @param value the value
   * @return the error
   */
  public static NonFiniteOutput infinite(float value) {
    return new NonFiniteOutput(
        "The model's logit or its gradient is "
            + value
            + ". Numbers must be finite; check the export (half-precision overflow is a usual"
            + " cause: export with half=False).");
  }

  /** Gives the lane back for a later pass of the same kind. A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      models.giveBack(opened, kind, lane, whole);
    }
  }
}
