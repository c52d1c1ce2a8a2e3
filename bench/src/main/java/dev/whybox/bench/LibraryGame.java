// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.blackbox.Shap;
import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.design.AllCoalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.ExactShapley;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands a game over to {@code shap_library.py}, so that another library plays the same one: the
 * picture and the baseline as the model's input, the segments, the first detection's box and class,
 * the scores of some coalitions and the exact values; and what Whybox's own estimators found with
 * how many forwards in how many seconds. Arguments: a folder to write to, the picture, rows and
 * columns, seeds, and for more than {@value Shap#EXACT_PLAYERS} cells a file that {@link GameMaker}
 * wrote of the same model, picture and cells and the gray baseline, from which the exact values are
 * taken. {@code -Dmodel=FILE} is the model (default the bundled one), {@code -Dsize=PIXELS} its
 * input (default 640; 0 where it is fixed), {@code -Dsamples=N,N,...} how many Whybox's estimators
 * take (default 64, 128, 256, 512, 1024; {@code gaussian} at most 512).
 */
public final class LibraryGame {
  private static final int[] SAMPLES =
      Arrays.stream(System.getProperty("samples", "64,128,256,512,1024").split(","))
          .mapToInt(Integer::parseInt)
          .toArray();
  private static final int CHECKED = 62;
  private static final int[] WARM = {128};
  private static final int MOST_GAUSSIAN = 512;
  private static final ShapleyEstimatorKind[] ESTIMATORS = {
    ShapleyEstimatorKind.GAUSSIAN, ShapleyEstimatorKind.LEVERAGE, ShapleyEstimatorKind.KERNEL
  };

  private LibraryGame() {}

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws IOException where a file can't be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    Path picture = Path.of(arguments[1]);
    int rows = Integer.parseInt(arguments[2]);
    int columns = Integer.parseInt(arguments[3]);
    if (rows * columns > Shap.EXACT_PLAYERS && arguments.length < 6) {
      throw new IllegalArgumentException(
          "All coalitions of at most %d cells are played, but %d × %d are %d. Name a stored game."
              .formatted(Shap.EXACT_PLAYERS, rows, columns, rows * columns));
    }
    int size = Integer.getInteger("size", 640);
    Path model = folder.resolve("model.onnx");
    String named = System.getProperty("model");
    Files.write(model, named == null ? Whybox.bundledModel() : Whybox.read(Path.of(named)));
    Map<String, Object> game = new LinkedHashMap<>();
    game.put("picture", picture.getFileName().toString());
    game.put("rows", rows);
    game.put("columns", columns);
    try (LiveGame live = new LiveGame(model, size, picture, rows, columns, Baseline.GRAY)) {
      handOver(live, folder, game);
      game.put(
          "exact",
          arguments.length > 5
              ? StoredGame.read(Path.of(arguments[5])).values(0)
              : enumerated(live));
    }
    try (Whybox whybox = Whybox.open(model, Options.DEFAULT.withSize(size))) {
      game.put("runs", runs(whybox, Image.read(picture), rows, columns, arguments[4]));
    }
    new ObjectMapper().writeValue(folder.resolve("game.json").toFile(), game);
  }

  private static void handOver(LiveGame live, Path folder, Map<String, Object> game)
      throws IOException {
    Scene scene = live.scene();
    int height = scene.letterbox().inputHeight();
    int width = scene.letterbox().inputWidth();
    write(folder.resolve("image.npy"), scene.image(), 3, height, width);
    write(folder.resolve("baseline.npy"), scene.baseline(), 3, height, width);
    write(folder.resolve("labels.npy"), labels(live), height, width);
    Box box = live.boxes().get(0);
    Box frame = live.frame();
    game.put("box", List.of(box.x1(), box.y1(), box.x2(), box.y2()));
    game.put("frame", List.of(frame.x1(), frame.y1(), frame.x2(), frame.y2()));
    game.put("class", live.classId(0));
    check(live, game);
  }

  /** Scores of the first target: of the full image, of the baseline, and of a few coalitions. */
  private static void check(LiveGame live, Map<String, Object> game) {
    LeverageCoalitions design = new LeverageCoalitions(live.players(), 1);
    List<int[]> present = new ArrayList<>();
    List<Float> scores = new ArrayList<>();
    try (LiveGame.Session session = live.play(design)) {
      float[] references = session.references();
      float[] found = session.scores(0, CHECKED);
      long[] bits = new long[design.words()];
      for (int i = -2; i < CHECKED; i++) {
        int[] row = new int[live.players()];
        if (i < 0) {
          Arrays.fill(row, -1 - i); // First the baseline, then the full image.
          scores.add(references[(i == -1 ? 1 : 0) * live.targets()]);
        } else {
          design.get(i, bits);
          Arrays.setAll(row, k -> (int) (bits[k >> 6] >>> k & 1));
          scores.add(found[i * live.targets()]);
        }
        present.add(row);
      }
    }
    game.put("coalitions", present);
    game.put("scores", scores);
  }

  private static double[] enumerated(LiveGame live) {
    AllCoalitions all = new AllCoalitions(live.players());
    double[] scores = new double[1 << live.players()];
    try (LiveGame.Session session = live.play(all)) {
      float[] references = session.references();
      scores[scores.length - 1] = references[0];
      scores[0] = references[live.targets()];
      float[] found = session.scores(0, (int) all.count());
      long[] bits = new long[1];
      for (int i = 0; i < all.count(); i++) {
        all.get(i, bits);
        scores[(int) bits[0]] = found[i * live.targets()];
      }
    }
    return ExactShapley.values(live.players(), scores);
  }

  /** The segment of every pixel of the input, −1 in the padding. */
  private static float[] labels(LiveGame live) {
    Segments segments = live.segments();
    int width = live.scene().letterbox().inputWidth();
    float[] labels = new float[width * live.scene().letterbox().inputHeight()];
    Arrays.fill(labels, -1);
    for (int y = 0; y < segments.height(); y++) {
      int start = (live.scene().letterbox().top() + y) * width + live.scene().letterbox().left();
      for (int x = 0; x < segments.width(); x++) {
        labels[start + x] = segments.label(x, y);
      }
    }
    return labels;
  }

  private static List<Map<String, Object>> runs(
      Whybox whybox, Image image, int rows, int columns, String seeds) {
    List<Target> targets = List.of(Target.of(whybox.detect(image).get(0)));
    List<Map<String, Object>> runs = new ArrayList<>();
    Shap shap =
        new Shap(Segmentation.grid(rows, columns), Baseline.GRAY, TargetSimilarity.PROBABILITY);
    // Seed −1 warms the virtual machine up and finds the plan of lanes; it is not kept.
    for (int seed = -1; seed < Integer.parseInt(seeds); seed++) {
      for (ShapleyEstimatorKind estimator : ESTIMATORS) {
        for (int samples : seed < 0 ? WARM : SAMPLES) {
          if (estimator == ShapleyEstimatorKind.GAUSSIAN && samples > MOST_GAUSSIAN) {
            continue; // It would be the run with fewer once more.
          }
          long start = System.nanoTime();
          Explanation found =
              whybox
                  .explain(
                      image,
                      targets,
                      shap.withEstimator(estimator),
                      Budget.DEFAULT.withSamples(samples).withSeed(Math.max(0, seed)),
                      ProgressListener.NONE)
                  .get(0);
          double seconds = (System.nanoTime() - start) * 1e-9;
          if (seed >= 0) {
            Map<String, Object> run = new LinkedHashMap<>();
            run.put("estimator", estimator.label());
            run.put("asked", samples);
            run.put("forwards", found.forwards());
            run.put("seconds", seconds);
            run.put("values", ((SegmentValues) found.attribution()).values());
            runs.add(run);
          }
        }
      }
    }
    return runs;
  }

  /** Writes an array in NumPy's format, version 1.0. */
  private static void write(Path file, float[] values, int... shape) throws IOException {
    StringBuilder sides = new StringBuilder();
    Arrays.stream(shape).forEach(side -> sides.append(side).append(", "));
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + sides + "), }";
    // Magic, version and length take 10 bytes; the data begins at a multiple of 64.
    int padding = 63 - (10 + header.length()) % 64;
    byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + text.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) text.length).put(text);
    for (float value : values) {
      bytes.putFloat(value);
    }
    Files.write(file, bytes.array());
  }
}
