// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.whybox.SharedFiles;
import dev.whybox.graph.Dims;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Origin;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The gradient of a class logit, against another framework's automatic differentiation. */
class GradientReferenceTest {

  @Test
  void yolov8n() throws IOException {
    compare("yolov8n", "/model.22/Split_output_1", 8256, 0, 2.36167);
  }

  @Test
  void yolo11n() throws IOException {
    compare("yolo11n-320", "/model.23/Concat_1_output_0", 2043, 15, 2.66564);
  }

  private static void compare(String name, String logits, int anchor, int cls, double logit)
      throws IOException {
    ModelProto model = OrtRun.read(SharedFiles.require("models/" + name + ".onnx").path());
    SharedFiles reference = SharedFiles.require("reference/" + name + ".gradient.npz");
    double[] expected = reference.array("gradient.npy");
    float[] image = floats(reference.array("input.npy"));
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    long[] size = shapes.shape("images");

    // The whole head's logits, and the one scale's that the anchor belongs to.
    long anchors = shapes.shape(logits)[2];
    Origin whole = new Origin(logits, shapes.shape(logits), new long[] {0, cls, anchor});
    Origin origin = Origin.of(graph, shapes, "output0", 0, 4 + cls, anchor);
    assertTrue(origin.tensor().endsWith("Conv_output_0"), origin.tensor());
    assertEquals(cls, origin.index()[1]);
    assertEquals(anchors, shapes.shape("output0")[2]);
    for (Origin target : List.of(whole, origin)) {
      GradientGraph made = Gradient.of(graph, shapes, target.tensor(), List.of("images"));
      OrtRun.assertRunsAnywhere(made.model());
      float[] cotangent = new float[(int) Dims.count(target.shape())];
      cotangent[(int) target.offset()] = 1;
      try (OrtRun run = new OrtRun(made.model())) {
        Map<String, float[]> out =
            run.run(
                Map.of("images", image, made.cotangent(), cotangent),
                Map.of("images", size, made.cotangent(), made.targetShape()));
        float[] value = out.get(made.values().get(target.tensor()));
        assertEquals(logit, value[(int) target.offset()], 1e-3);
        assertClose(expected, out.get(made.gradients().get("images")), name + target.tensor());
      }
    }
  }

  private static void assertClose(double[] expected, float[] found, String name) {
    double dot = 0;
    double own = 0;
    double other = 0;
    double largest = 0;
    double error = 0;
    assertEquals(expected.length, found.length);
    for (int i = 0; i < found.length; i++) {
      dot += expected[i] * found[i];
      own += (double) found[i] * found[i];
      other += expected[i] * expected[i];
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(expected[i] - found[i]));
    }
    double cosine = dot / Math.sqrt(own * other);
    String summary = name + ": cosine 1 - " + (1 - cosine) + ", error " + error / largest;
    assertTrue(cosine >= 0.99999, summary);
    assertTrue(error <= 1e-3 * largest, summary);
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
