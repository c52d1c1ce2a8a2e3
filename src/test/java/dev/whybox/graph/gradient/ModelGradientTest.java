// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.SharedFiles;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.graph.Dims;
import dev.whybox.graph.DynamicBatch;
import dev.whybox.graph.FreeDetector;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.InnerOutputs;
import dev.whybox.graph.OldModel;
import dev.whybox.graph.OnnxGraph;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Gradients of whole models of every task against differences along random directions. */
class ModelGradientTest {
  private static final int DIRECTIONS = 32;

  /** Moves the score by this much: far above float32's noise, still nearly straight. */
  private static final double MOVE = 0.004;

  private static ModelProto model(String name) {
    return OrtRun.read(SharedFiles.require("models/" + name + ".onnx").path());
  }

  /** The reference image, to the nearest pixel. */
  private static float[] image(int height, int width) {
    double[] source = SharedFiles.require("reference/yolov8n.gradient.npz").array("input.npy");
    float[] result = new float[3 * height * width];
    for (int i = 0; i < result.length; i++) {
      int x = i % width * 640 / width;
      int y = i / width % height * 640 / height;
      result[i] = (float) source[(i / width / height * 640 + y) * 640 + x];
    }
    return result;
  }

  @Test
  void segment() {
    // A class, a box's width and a mask coefficient of the best anchor.
    check(model("yolov8n-seg"), 0, 80, new int[] {2, 84 + 7}, new double[] {0.01, 0.3});
  }

  @Test
  void pose() {
    check(model("yolov8n-pose"), 0, 1, new int[] {0, 5, 7, 10}, new double[] {0.01, 0.02, 1, 0.01});
  }

  @Test
  void rotated() {
    check(model("yolov8n-obb"), 0, 15, new int[] {0, 1, 3, 19}, new double[] {0.02, 0.01, 0.05, 2});
  }

  @Test
  void detectWithDynamicSize() {
    check(FreeDetector.model(), 192, 2, new int[] {1, 2}, new double[] {0.05, 0.02});
  }

  private static void check(ModelProto model, int size, int classes, int[] rows, double[] weights) {
    OnnxGraph graph = new OnnxGraph(DynamicBatch.of(model));
    GraphShapes shapes = GraphShapes.of(graph, size, size);
    long[] in = shapes.shape("images");
    long[] out = shapes.shape("output0");
    float[] image = image((int) in[2], (int) in[3]);
    try (OrtRun forward = new OrtRun(graph.model())) {
      float[] found =
          forward.run(Map.of("images", image), Map.of("images", at(in, 1))).get("output0");
      int best = 4 * (int) out[2];
      for (int i = best; i < (4 + classes) * out[2]; i++) {
        best = found[i] > found[best] ? i : best;
      }
      float[] cotangent = new float[found.length];
      int anchor = best % (int) out[2];
      cotangent[best] = 1;
      for (int i = 0; i < rows.length; i++) {
        cotangent[rows[i] * (int) out[2] + anchor] += (float) weights[i];
      }
      compare(graph, shapes, forward, "output0", image, cotangent);
    }
  }

  /** The bundled model leaves batch, height and width free. */
  @Test
  void bundled() {
    Path path = Path.of(System.getProperty("whybox.base", "."), "models", "whybox-n.onnx");
    check(OrtRun.read(path), 320, 6, new int[] {0, 3}, new double[] {0.02, 0.01});
  }

  /**
   * A cotangent of class scores and box sides, so that Softmax and Split are gone back over too.
   */
  @Test
  void operatorSet11GivesTheSame() {
    Path path = Path.of(System.getProperty("whybox.base", "."), "models", "whybox-n.onnx");
    ModelProto model = OrtRun.read(path);
    float[] image = image(128, 192);
    float[][] found = new float[2][];
    for (int i = 0; i < 2; i++) {
      OnnxGraph graph = new OnnxGraph(i == 0 ? model : OldModel.of(model));
      assertEquals(i == 0 ? 13 : 11, graph.opset());
      GraphShapes shapes = GraphShapes.of(graph, 128, 192);
      GradientGraph made = Gradient.of(graph, shapes, "output0", List.of("images"));
      assertEquals(graph.opset(), OnnxGraph.opset(made.model()));
      float[] cotangent = new float[(int) Dims.count(at(made.targetShape(), 1))];
      Random random = new Random(8);
      for (int k = 0; k < cotangent.length; k++) {
        cotangent[k] = random.nextFloat() - 0.3f;
      }
      try (OrtRun run = new OrtRun(made.model())) {
        found[i] =
            run.run(
                    Map.of("images", image, made.cotangent(), cotangent),
                    Map.of(
                        "images",
                        at(shapes.shape("images"), 1),
                        made.cotangent(),
                        at(made.targetShape(), 1)))
                .get(made.gradients().get("images"));
      }
    }
    double largest = 0;
    for (float value : found[0]) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0);
    for (int k = 0; k < found[0].length; k++) {
      assertEquals(found[0][k], found[1][k], 1e-4 * largest);
    }
  }

  @Test
  void classify() {
    OnnxGraph graph = new OnnxGraph(DynamicBatch.of(model("yolov8n-cls")));
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    float[] image = image(224, 224);
    for (String target : List.of("output0", "/model.9/linear/Gemm_output_0")) {
      ModelProto cut = InnerOutputs.only(graph, shapes, List.of(target));
      try (OrtRun forward = new OrtRun(cut)) {
        float[] cotangent = new float[1000];
        Arrays.fill(cotangent, 300, 302, 0.5f);
        cotangent[734] = target.equals("output0") ? 4 : 1;
        compare(graph, shapes, forward, target, image, cotangent);
      }
    }
  }

  private static void compare(
      OnnxGraph graph,
      GraphShapes shapes,
      OrtRun forward,
      String target,
      float[] image,
      float[] cotangent) {
    GradientGraph made = Gradient.of(graph, shapes, target, List.of("images"));
    OrtRun.assertRunsAnywhere(made.model());
    long[] in = shapes.shape("images");
    float[] gradient;
    try (OrtRun run = new OrtRun(made.model())) {
      gradient =
          run.run(
                  Map.of("images", image, made.cotangent(), cotangent),
                  Map.of("images", at(in, 1), made.cotangent(), at(made.targetShape(), 1)))
              .get(made.gradients().get("images"));
    }
    Random random = new Random(3);
    double worst = 0;
    double norm = Math.sqrt(dot(gradient, gradient));
    for (int k = 0; k < DIRECTIONS; k++) {
      // Half of each direction along the gradient, or a random one would hardly move the score.
      float[] direction = new float[image.length];
      for (int i = 0; i < direction.length; i++) {
        direction[i] = random.nextBoolean() ? 1 : -1;
      }
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) (direction[i] / Math.sqrt(direction.length) + gradient[i] / norm);
      }
      double step = MOVE / norm;
      float[] both = new float[2 * image.length];
      for (int i = 0; i < image.length; i++) {
        both[i] = (float) (image[i] + step * direction[i]);
        both[i + image.length] = (float) (image[i] - step * direction[i]);
      }
      float[] out = forward.run(Map.of("images", both), Map.of("images", at(in, 2))).get(target);
      double difference = 0;
      for (int i = 0; i < cotangent.length; i++) {
        difference += (double) cotangent[i] * ((double) out[i] - out[i + cotangent.length]);
      }
      double moved = 0;
      for (int i = 0; i < image.length; i++) {
        moved += (double) gradient[i] * ((double) both[i] - both[i + image.length]);
      }
      worst = Math.max(worst, Math.abs(difference - moved) / Math.abs(moved));
    }
    assertTrue(worst < 5e-3, target + ": " + worst);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static long[] at(long[] shape, int batch) {
    long[] result = shape.clone();
    result[0] = batch;
    return result;
  }

  @Test
  void eightBitsAreRefusedByName() {
    OnnxGraph graph = new OnnxGraph(model("yolov8n-dynamic-int8"));
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    assertEquals(DataType.FLOAT, shapes.type("output0"));
    NotDifferentiable error =
        Assertions.assertThrows(
            NotDifferentiable.class,
            () -> Gradient.of(graph, shapes, "output0", List.of("images")));
    assertTrue(error.getMessage().contains("(ConvInteger)"), error.getMessage());
    assertTrue(
        error.getMessage().contains("/model.22/dfl/Softmax_output_0_quantized"),
        error.getMessage());
  }
}
