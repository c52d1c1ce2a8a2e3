// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.blackbox.Shap;
import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.ComplementPairs;
import dev.whybox.shapley.NestedCoalitions;
import dev.whybox.shapley.ProcessFamily;
import dev.whybox.shapley.Surrogate;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Maps on a 16 × 16 grid after a few hundred forwards against converged ones: Spearman's rank
 * correlation over all cells, over those that carry 95 % of Σ|φ| and over those of at least 1 % of
 * what all sum to, and the normalised squared error. Arguments: the model, its size, the picture, a
 * file of {@link StoredGame} of it with 16 × 16 players and the blurred baseline, a file for the
 * nested reference (written where there is none), its draws of 32 forwards each, and seeds. {@code
 * -Dforwards=150,300,600} and {@code -Destimators=leverage,gaussian,refine} say what is run.
 */
public final class Refinement {
  private static final int SIDE = NestedReference.SIDE;
  private static final int CELLS = SIDE * SIDE;
  private static final double MOST = 0.95;
  private static final double LARGE = 0.01;

  /** Pairs of either design that the references' surrogates are fitted to. */
  private static final int FITTED = 128;

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
          "target %d, %s: halves correlate %s; 95 %% of the sum in %d cells, %d above 1 %%%n",
          target,
          name,
          judge(halves[0], halves[1], whole),
          most(whole).length,
          large(whole).length);
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
        try (LiveGame live = new LiveGame(model, size, picture, SIDE, SIDE, Baseline.BLUR)) {
          program.play(stored, live, file, draws);
        }
      }
      program.print(file, seeds);
    }
  }

  /** Writes both references: a row per target for each half and both together. */
  private void play(StoredGame stored, LiveGame live, Path file, int draws) throws IOException {
    List<Explanation> guess = explain(ShapleyEstimatorKind.REFINE, 600, 1000);
    double[][] likely = guess.stream().map(Refinement::cells).toArray(double[][]::new);
    double[] gains = guess.stream().mapToDouble(e -> e.fullScore() - e.baselineScore()).toArray();
    double[] sizes = new double[CELLS];
    Arrays.fill(sizes, 1);
    List<double[][]> rows = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      rows.add(new double[gains.length][]);
    }
    List<Surrogate> nested = new ArrayList<>();
    NestedCoalitions design = new NestedCoalitions(NestedReference.tree(), 1);
    try (LiveGame.Session session = live.play(design)) {
      float[] more = session.scores(0, 2 * FITTED);
      for (int t = 0; t < gains.length; t++) {
        double[][] hints = {
          StoredGame.standard(live.slopes()[t]), StoredGame.standard(live.overlaps()[t])
        };
        ComplementPairs seen = seen(stored, design, more, t);
        Surrogate flat = new ProcessFamily(hints).fit(seen).surrogate();
        int pairs = stored.scores()[t].length / 2 - 1;
        int middle = (FITTED + pairs) / 2;
        rows.get(0)[t] = stored.values(t, flat, FITTED, middle);
        rows.get(1)[t] = stored.values(t, flat, middle, pairs);
        rows.get(2)[t] = stored.values(t, flat, FITTED, pairs);
        nested.add(new ProcessFamily(NestedReference.tree(), sizes, hints).fit(seen).surrogate());
      }
    }
    rows.addAll(List.of(new NestedReference(live, nested, 1).values(likely, gains, draws)));
    Files.write(
        file,
        rows.stream()
            .flatMap(Arrays::stream)
            .map(row -> String.join(" ", Arrays.stream(row).mapToObj(Double::toString).toList()))
            .toList());
  }

  private static Reference[] read(Path file, int first, String name) throws IOException {
    double[][] rows =
        Files.readAllLines(file).stream()
            .map(line -> Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    int count = rows.length / 6;
    return IntStream.range(first * count, (first + 1) * count)
        .mapToObj(
            t ->
                new Reference(name, new double[][] {rows[t], rows[count + t]}, rows[2 * count + t]))
        .toArray(Reference[]::new);
  }

  /** The first stored pairs, and as many that nested Owen values are a mean over. */
  private static ComplementPairs seen(
      StoredGame stored, NestedCoalitions design, float[] more, int target) {
    float[] scores = stored.scores()[target];
    int targets = stored.scores().length;
    LeverageCoalitions first = new LeverageCoalitions(CELLS, StoredGame.SEED);
    long[][] bits = new long[2 * FITTED][first.words()];
    double[] ones = new double[2 * FITTED];
    double[] others = new double[2 * FITTED];
    for (int i = 0; i < FITTED; i++) {
      first.get(2L * i, bits[i]);
      ones[i] = scores[2 * i + 2];
      others[i] = scores[2 * i + 3];
      design.get(2L * i, bits[FITTED + i]);
      ones[FITTED + i] = more[2 * i * targets + target];
      others[FITTED + i] = more[(2 * i + 1) * targets + target];
    }
    return new ComplementPairs(CELLS, bits, ones, others, scores[0], scores[1]);
  }

  /** An explanation of so many forwards, all that are counted. */
  private List<Explanation> explain(ShapleyEstimatorKind approximation, int forwards, long seed) {
    Shap shap =
        new Shap(
            Segmentation.grid(SIDE, SIDE),
            Baseline.BLUR,
            TargetSimilarity.PROBABILITY,
            approximation);
    int passes = approximation == ShapleyEstimatorKind.LEVERAGE ? 0 : targets.size();
    Budget budget = Budget.DEFAULT.withSamples(forwards - 2 - passes).withSeed(seed);
    return whybox.explain(image, targets, shap, budget, ProgressListener.NONE);
  }

  /** One value per cell. */
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

  private void print(Path file, int seeds) throws IOException {
    Reference[] shapley = read(file, 0, "Shapley values");
    Reference[] nested = read(file, 1, "nested Owen values");
    for (int t = 0; t < targets.size(); t++) {
      System.out.printf("target %d: %s%n", t, targets.get(t));
      shapley[t].print(t);
      nested[t].print(t);
      System.out.printf(
          "target %d, the one against the other: %s%n",
          t, judge(shapley[t].whole(), nested[t].whole(), nested[t].whole()));
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
              explain(ShapleyEstimatorKind.parse(name), Integer.parseInt(count), seed);
          for (int t = 0; t < targets.size(); t++) {
            double[] cells = cells(found.get(t));
            double[] all = shapley[t].whole();
            toShapley[t] = toShapley[t].plus(judge(cells, all, all), seeds);
            all = nested[t].whole();
            toNested[t] = toNested[t].plus(judge(cells, all, all), seeds);
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

  /**
   * How well a map agrees: rank correlations over all cells, over those that carry 95 % and over
   * those of at least 1 %; normalised squared error.
   */
  private record Judgement(double all, double most, double large, double error) {
    static final Judgement NONE = new Judgement(0, 0, 0, 0);

    Judgement plus(Judgement other, int of) {
      return new Judgement(
          all + other.all / of,
          most + other.most / of,
          large + other.large / of,
          error + other.error / of);
    }

    @Override
    public String toString() {
      return "%.3f, of 95 %% %.3f, above 1 %% %.3f, error %.2g".formatted(all, most, large, error);
    }
  }

  /** Compares two maps, over the cells that a third one says matter. */
  private static Judgement judge(double[] found, double[] reference, double[] cells) {
    double square = 0;
    double norm = 0;
    for (int k = 0; k < CELLS; k++) {
      square += Math.pow(found[k] - reference[k], 2);
      norm += Math.pow(reference[k], 2);
    }
    return new Judgement(
        spearman(found, reference, IntStream.range(0, CELLS).toArray()),
        spearman(found, reference, most(cells)),
        spearman(found, reference, large(cells)),
        square / norm);
  }

  /** The cells of at least 1 % of what all sum to. */
  private static int[] large(double[] values) {
    double least = LARGE * Math.abs(Arrays.stream(values).sum());
    return IntStream.range(0, CELLS).filter(k -> Math.abs(values[k]) >= least).toArray();
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

  /** Spearman's rank correlation over some of the cells. */
  static double spearman(double[] first, double[] second, int[] cells) {
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
