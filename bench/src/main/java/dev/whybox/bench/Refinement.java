// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Budget;
import dev.whybox.Explanation;
import dev.whybox.Options;
import dev.whybox.ProgressListener;
import dev.whybox.Whybox;
import dev.whybox.explain.Approximation;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Shap;
import dev.whybox.explain.shapley.PairedRegression;
import dev.whybox.explain.shapley.PairedScores;
import dev.whybox.image.Baseline;
import dev.whybox.image.Image;
import dev.whybox.perturb.LeverageCoalitions;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.Agreement;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Maps on a 16 × 16 grid after a few hundred forwards against converged ones: Spearman's rank
 * correlation over all cells and over the cells that carry 95 % of Σ|φ|, and the normalised squared
 * error. Arguments: the model, its size, the picture, a file of {@link StoredGame} of it with 16 ×
 * 16 players and the blurred baseline, a file for the nested reference (written where there is
 * none), its draws of 32 forwards each, and seeds. {@code -Dforwards=150,300,600} and {@code
 * -Destimators=leverage,gaussian,refine} say what is run.
 */
public final class Refinement {
  private static final int SIDE = NestedReference.SIDE;
  private static final int CELLS = SIDE * SIDE;
  private static final double MOST = 0.95;

  private final Whybox whybox;
  private final Image image;
  private final List<Target> targets;

  private Refinement(Whybox whybox, Image image) {
    this.whybox = whybox;
    this.image = image;
    this.targets = whybox.detect(image).stream().map(Target::of).limit(8).toList();
  }

  /** Values of one kind that a map should come to: both, and two independent halves. */
  private record Reference(String name, double[][] halves, double[] whole) {
    void print(int target) {
      System.out.printf(
          "target %d, %s: halves correlate %s; 95 %% of the sum in %d cells%n",
          target, name, judge(halves[0], halves[1], most(whole)), most(whole).length);
    }
  }

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws IOException where a file can't be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Path model = Path.of(arguments[0]);
    int size = Integer.parseInt(arguments[1]);
    Path picture = Path.of(arguments[2]);
    StoredGame stored = StoredGame.read(Path.of(arguments[3]));
    Path file = Path.of(arguments[4]);
    int draws = Integer.parseInt(arguments[5]);
    int seeds = Integer.parseInt(arguments[6]);
    try (Whybox whybox = Whybox.open(model, Options.DEFAULT.withSize(size))) {
      Refinement program = new Refinement(whybox, Image.read(picture));
      if (!Files.exists(file)) {
        program.play(model, size, picture, file, draws);
      }
      program.print(shapley(stored), nested(file), seeds);
    }
  }

  private void play(Path model, int size, Path picture, Path file, int draws) throws IOException {
    List<Explanation> guess = explain(Approximation.REFINE, 600, 1000);
    double[][] likely = guess.stream().map(Refinement::cells).toArray(double[][]::new);
    double[] gains =
        guess.stream().mapToDouble(e -> e.fullScore() - e.baselineScore()).toArray();
    try (LiveGame game = new LiveGame(model, size, picture, SIDE, SIDE, Baseline.BLUR)) {
      double[][][] values = new NestedReference(game, 1).values(likely, gains, draws);
      Files.write(
          file,
          Arrays.stream(values)
              .flatMap(Arrays::stream)
              .map(row -> String.join(" ", Arrays.stream(row).mapToObj(Double::toString).toList()))
              .toList());
    }
  }

  private static Reference[] nested(Path file) {
    try {
      double[][] rows =
          Files.readAllLines(file).stream()
              .map(line -> Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray())
              .toArray(double[][]::new);
      int count = rows.length / 3;
      return IntStream.range(0, count)
          .mapToObj(
              t ->
                  new Reference(
                      "nested Owen values",
                      new double[][] {rows[t], rows[count + t]},
                      rows[2 * count + t]))
          .toArray(Reference[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leverage SHAP on what is stored, and on either half of it. */
  private static Reference[] shapley(StoredGame game) {
    int pairs = game.scores()[0].length / 2 - 1;
    return IntStream.range(0, game.scores().length)
        .mapToObj(
            t ->
                new Reference(
                    "Shapley values",
                    new double[][] {
                      leverage(game, t, 0, pairs / 2), leverage(game, t, pairs / 2, pairs)
                    },
                    leverage(game, t, 0, pairs)))
        .toArray(Reference[]::new);
  }

  private static double[] leverage(StoredGame game, int target, int from, int to) {
    float[] scores = game.scores()[target];
    LeverageCoalitions design = new LeverageCoalitions(game.players(), StoredGame.SEED);
    long[][] bits = new long[to - from][design.words()];
    double[] ones = new double[to - from];
    double[] others = new double[to - from];
    for (int i = from; i < to; i++) {
      design.get(2L * i, bits[i - from]);
      ones[i - from] = scores[2 * i + 2];
      others[i - from] = scores[2 * i + 3];
    }
    return PairedRegression.leverage()
        .estimate(new PairedScores(game.players(), bits, ones, others, scores[0], scores[1]))
        .values();
  }

  /** An explanation of so many forwards, all that are counted. */
  private List<Explanation> explain(Approximation approximation, int forwards, long seed) {
    Shap shap =
        new Shap(
            Segmentation.grid(SIDE, SIDE), Baseline.BLUR, Agreement.PROBABILITY, approximation);
    int passes = approximation == Approximation.LEVERAGE ? 0 : targets.size();
    Budget budget = Budget.DEFAULT.withSamples(forwards - 2 - passes).withSeed(seed);
    return whybox.explain(image, targets, shap, budget, ProgressListener.NONE);
  }

  /** One value a cell. */
  private static double[] cells(Explanation explanation) {
    SegmentValues found = (SegmentValues) explanation.attribution();
    Segments segments = found.segments();
    double[] values = new double[CELLS];
    for (int r = 0; r < SIDE; r++) {
      for (int c = 0; c < SIDE; c++) {
        int x = (2 * c + 1) * segments.width() / (2 * SIDE);
        int y = (2 * r + 1) * segments.height() / (2 * SIDE);
        values[r * SIDE + c] = found.density(segments.label(x, y));
      }
    }
    return values;
  }

  private void print(Reference[] shapley, Reference[] nested, int seeds) {
    for (int t = 0; t < targets.size(); t++) {
      System.out.printf("target %d: %s%n", t, targets.get(t));
      shapley[t].print(t);
      nested[t].print(t);
      System.out.printf(
          "target %d, the one against the other: %s%n",
          t, judge(shapley[t].whole(), nested[t].whole(), most(nested[t].whole())));
    }
    String[] names = System.getProperty("estimators", "leverage,gaussian,refine").split(",");
    for (String name : names) {
      for (String count : System.getProperty("forwards", "150,300,600").split(",")) {
        Judgement[] toShapley = new Judgement[targets.size()];
        Judgement[] toNested = new Judgement[targets.size()];
        Arrays.fill(toShapley, Judgement.NONE);
        Arrays.fill(toNested, Judgement.NONE);
        double segments = 0;
        int forwards = 0;
        long start = System.nanoTime();
        for (int seed = 0; seed < seeds; seed++) {
          List<Explanation> found =
              explain(Approximation.parse(name), Integer.parseInt(count), seed);
          for (int t = 0; t < targets.size(); t++) {
            double[] cells = cells(found.get(t));
            double[] all = shapley[t].whole();
            toShapley[t] = toShapley[t].plus(judge(cells, all, most(all)), seeds);
            all = nested[t].whole();
            toNested[t] = toNested[t].plus(judge(cells, all, most(all)), seeds);
          }
          SegmentValues values = (SegmentValues) found.get(0).attribution();
          segments += (double) values.segments().count() / seeds;
          forwards = found.get(0).forwards();
        }
        double seconds = (System.nanoTime() - start) * 1e-9 / seeds;
        for (int t = 0; t < targets.size(); t++) {
          System.out.printf(
              "%-9s %4d forwards, %5.1f segments, %4.1f s, target %d: Shapley %s; nested %s%n",
              name, forwards, segments, seconds, t, toShapley[t], toNested[t]);
        }
      }
    }
  }

  /** How well a map agrees: rank correlations over all and over most, normalised squared error. */
  private record Judgement(double all, double most, double error) {
    static final Judgement NONE = new Judgement(0, 0, 0);

    Judgement plus(Judgement other, int of) {
      return new Judgement(
          all + other.all / of, most + other.most / of, error + other.error / of);
    }

    @Override
    public String toString() {
      return "%.3f, of 95 %% %.3f, error %.2g".formatted(all, most, error);
    }
  }

  private static Judgement judge(double[] found, double[] reference, int[] most) {
    double square = 0;
    double norm = 0;
    for (int k = 0; k < CELLS; k++) {
      square += Math.pow(found[k] - reference[k], 2);
      norm += Math.pow(reference[k], 2);
    }
    int[] all = IntStream.range(0, CELLS).toArray();
    return new Judgement(
        spearman(found, reference, all), spearman(found, reference, most), square / norm);
  }

  /** The fewest cells that carry 95 % of the sum of absolute values. */
  private static int[] most(double[] values) {
    double left = MOST * Arrays.stream(values).map(Math::abs).sum();
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparing((Integer k) -> -Math.abs(values[k])))
            .mapToInt(k -> k)
            .toArray();
    int count = 0;
    while (count < order.length && left > 0) {
      left -= Math.abs(values[order[count++]]);
    }
    return Arrays.copyOf(order, count);
  }

  private static double spearman(double[] first, double[] second, int[] cells) {
    double[] a = ranks(first, cells);
    double[] b = ranks(second, cells);
    double mean = (cells.length - 1) / 2.0;
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < cells.length; i++) {
      product += (a[i] - mean) * (b[i] - mean);
      squareA += (a[i] - mean) * (a[i] - mean);
      squareB += (b[i] - mean) * (b[i] - mean);
    }
    return product / Math.sqrt(squareA * squareB);
  }

  /** Ranks from 0; equal values share the mean of theirs. */
  private static double[] ranks(double[] values, int[] cells) {
    double[] ranks = new double[cells.length];
    for (int i = 0; i < cells.length; i++) {
      for (int cell : cells) {
        double other = values[cell];
        ranks[i] += other < values[cells[i]] ? 1 : other == values[cells[i]] ? 0.5 : 0;
      }
      ranks[i] -= 0.5;
    }
    return ranks;
  }
}
