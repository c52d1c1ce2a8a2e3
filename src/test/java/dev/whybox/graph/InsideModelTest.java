// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.whybox.Options;
import dev.whybox.Samples;
import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.graph.gradient.Gradient;
import dev.whybox.graph.gradient.GradientGraph;
import dev.whybox.graph.gradient.OrtRun;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.inside.ActivationStatistics;
import dev.whybox.inside.ActivationStudy;
import dev.whybox.inside.FeatureMaps;
import dev.whybox.inside.Kernels;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Statistics and contributions of the bundled model, compared with ONNX Runtime and plain sums. */
class InsideModelTest {
  private static final int SIZE = 320;
  private static final long[] INPUT = {1, 3, SIZE, SIZE};
  private static Whybox whybox;
  private static OnnxGraph graph;
  private static GraphShapes shapes;

  @BeforeAll
  static void open() {
    whybox = Whybox.bundled(Options.DEFAULT);
    graph = new OnnxGraph(OrtRun.read(Samples.MODEL));
    shapes = GraphShapes.of(graph, SIZE, SIZE);
  }

  @AfterAll
  static void close() {
    whybox.close();
  }

  private static Image image(int number) {
    return Image.read(Samples.all().get(number).image());
  }

  private static float[] planes(Image image) {
    Letterbox box = Letterbox.of(image.width(), image.height(), SIZE, SIZE);
    return box.planes(box.content(image));
  }

  @Test
  void activationsAgreeWithAPlainComputation() {
    List<Image> images = List.of(image(0), image(1));
    try (ActivationStudy study = whybox.activations()) {
      images.forEach(study::add);
      assertEquals(2, study.images());
      assertEquals(
          57, study.statistics().stream().filter(s -> is(s, "SiLU")).count(), "YOLOv8n's SiLUs");
      assertEquals(1, study.statistics().stream().filter(s -> is(s, "Sigmoid")).count());
      for (int each : new int[] {0, 20, study.statistics().size() - 1}) {
        check(study.statistics().get(each), images);
      }
    }
  }

  private static boolean is(ActivationStatistics statistics, String function) {
    return statistics.activation().function().name().equals(function);
  }

  private static void check(ActivationStatistics found, List<Image> images) {
    String in = found.activation().input();
    String out = found.activation().output();
    ModelProto model = InnerOutputs.added(graph, shapes, List.of(in, out));
    List<Double> inputs = new ArrayList<>();
    double sum = 0;
    double[] greatest = new double[found.channels()];
    try (OrtRun run = new OrtRun(model)) {
      for (Image image : images) {
        Map<String, float[]> values =
            run.run(Map.of("images", planes(image)), Map.of("images", INPUT));
        for (float value : values.get(in)) {
          inputs.add((double) value);
        }
        float[] outputs = values.get(out);
        for (int i = 0; i < outputs.length; i++) {
          sum += outputs[i];
          int channel = i / (outputs.length / greatest.length);
          greatest[channel] = Math.max(greatest[channel], Math.abs(outputs[i]));
        }
      }
    }
    int n = inputs.size();
    assertEquals(n, found.input().count());
    double mean = inputs.stream().mapToDouble(x -> x).average().orElseThrow();
    double variance =
        inputs.stream().mapToDouble(x -> (x - mean) * (x - mean)).average().orElseThrow();
    assertEquals(mean, found.input().mean(), 1e-4);
    assertEquals(Math.sqrt(variance), found.input().deviation(), 1e-4);
    assertEquals(sum / n, found.output().mean(), 1e-4);
    inputs.sort(null);
    for (double share : new double[] {0.05, 0.5, 0.95}) {
      double wanted = inputs.get((int) Math.round(share * (n - 1)));
      assertEquals(wanted, found.input().quantile(share), 0.01 * Math.abs(wanted) + 1e-4);
    }
    // SiLU: −6.2614 and 6.2614; Sigmoid: ±4.5848, where σ(1 − σ) = 0.01.
    boolean silu = is(found, "SiLU");
    double bound = silu ? 6.2614 : 4.5848;
    double flat =
        inputs.stream().filter(x -> silu ? x < -bound : Math.abs(x) > bound).count() / (double) n;
    double straight = inputs.stream().filter(x -> silu && x > bound).count() / (double) n;
    assertEquals(flat, found.saturated(), 1e-3);
    assertEquals(straight, found.linear(), 1e-3);
    List<Integer> dead = new ArrayList<>();
    for (int c = 0; c < greatest.length; c++) {
      if (greatest[c] <= 0.01) {
        dead.add(c);
      }
    }
    assertArrayEquals(dead.stream().mapToInt(c -> c).toArray(), found.dead());
  }

  @Test
  void contributionsAreTheGradientTimesTheActivation() {
    Image image = image(0);
    Detection best = whybox.detect(image, 0.01f).get(0);
    FeatureMaps maps = whybox.features(image, Target.of(best), "model.12");
    String tensor = graph.layer("model.12");
    assertEquals(tensor, maps.tensor());
    assertEquals("model.12", maps.layer());
    long[] place = {0, 4 + best.classId(), best.anchor()};
    Origin logit = Origin.of(graph, shapes, "output0", place);
    GradientGraph gradients =
        Gradient.of(
            graph, shapes, List.of(logit.tensor()), List.of(tensor), List.of(tensor), false);
    float[] cotangent = new float[(int) Dims.count(logit.shape())];
    cotangent[(int) logit.offset()] = 1;
    Map<String, float[]> inputs = new HashMap<>(Map.of("images", planes(image)));
    inputs.put(gradients.cotangent(), cotangent);
    Map<String, long[]> sizes = Map.of("images", INPUT, gradients.cotangent(), logit.shape());
    double sum = 0;
    double[] channels = new double[maps.channels()];
    try (OrtRun run = new OrtRun(gradients.model())) {
      Map<String, float[]> out = run.run(inputs, sizes);
      float[] gradient = out.get(gradients.gradients().get(tensor));
      float[] activation = out.get(gradients.values().get(tensor));
      for (int i = 0; i < gradient.length; i++) {
        sum += (double) gradient[i] * activation[i];
        channels[i / (maps.width() * maps.height())] += (double) gradient[i] * activation[i];
      }
    }
    assertEquals(sum, maps.sum(), 1e-4);
    assertArrayEquals(channels, maps.contributions(), 1e-4);
    assertTrue(Math.abs(sum) > 1e-3, "something to compare");
    assertEquals(Math.log(best.score() / (1 - best.score())), maps.logit(), 1e-3);
    List<Integer> order = maps.order();
    assertEquals(maps.channels(), new TreeSet<>(order).size());
    for (int i = 1; i < order.size(); i++) {
      double before = Math.abs(maps.contributions()[order.get(i - 1)]);
      assertTrue(before >= Math.abs(maps.contributions()[order.get(i)]));
    }
  }

  @Test
  void kernelsAreTheWeights() {
    Kernels first = whybox.kernels("").get(0);
    assertEquals("model.0/conv", first.name());
    assertTrue(first.colors());
    TensorData weights = graph.weights(graph.nodes().get(0).getInput(1));
    assertEquals(weights.shape()[0], first.outputs());
    assertEquals((float) weights.values()[(2 * 3 + 1) * 9 + 5], first.weight(2, 1, 1, 2));
    assertEquals(4, whybox.kernels("model.12").size());
    assertEquals(1, whybox.kernels("/model.12/cv1/conv/Conv_output_0").size());
    BadArgument none = assertThrows(BadArgument.class, () -> whybox.kernels("model.10"));
    assertTrue(none.getMessage().contains("model.0"), none.getMessage());
  }
}
