// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Origin;
import dev.whybox.graph.UnnamedBatch;
import dev.whybox.graph.gradient.Gradient;
import dev.whybox.graph.gradient.GradientGraph;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The other side of {@code pytorch_gradient.py}: differentiates one element of a model's output and
 * runs the graph on ONNX Runtime once for each line it reads; then writes the seconds that the run
 * took. Arguments: the model, its input size, an image of float32 {@code [3, size, size]}, a file
 * for the gradient, threads, whether to differentiate at the output ({@code whole}) or where the
 * element first appears ({@code logit}), row, anchor.
 */
public final class GradientServer {
  private GradientServer() {}

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws Exception where anything fails
   */
  public static void main(String[] arguments) throws Exception {
    int size = Integer.parseInt(arguments[1]);
    int row = Integer.parseInt(arguments[6]);
    int anchor = Integer.parseInt(arguments[7]);
    OnnxGraph graph =
        new OnnxGraph(OnnxFile.read(Files.readAllBytes(Path.of(arguments[0])), arguments[0]));
    GraphShapes shapes = GraphShapes.of(graph, size, size);
    String output = graph.model().getGraph().getOutput(0).getName();
    String image = graph.inputs().keySet().iterator().next();
    Origin origin =
        arguments[5].equals("whole")
            ? new Origin(output, single(shapes.shape(output)), new long[] {0, row, anchor})
            : Origin.of(graph, shapes, output, 0, row, anchor);
    GradientGraph made = Gradient.of(graph, shapes, origin.tensor(), List.of(image));
    FloatBuffer pixels = floats(3L * size * size);
    pixels.put(
        0,
        ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[2])))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer(),
        0,
        pixels.capacity());
    long[] shape = single(made.targetShape());
    FloatBuffer cotangent = floats(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    cotangent.put((int) origin.offset(), 1);
    ByteBuffer gradient =
        ByteBuffer.allocateDirect(12 * size * size).order(ByteOrder.LITTLE_ENDIAN);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] sizes = {1, 3, size, size};
    byte[] model = UnnamedBatch.of(made.model()).toByteArray();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(Integer.parseInt(arguments[4]));
      options.setMemoryPatternOptimization(false);
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor in = OnnxTensor.createTensor(environment, pixels, sizes);
          OnnxTensor weights = OnnxTensor.createTensor(environment, cotangent, shape);
          OnnxTensor out = OnnxTensor.createTensor(environment, gradient.asFloatBuffer(), sizes);
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
        while (lines.readLine() != null) {
          long start = System.nanoTime();
          session
              .run(
                  Map.of(image, in, made.cotangent(), weights),
                  Map.of(made.gradients().get(image), out))
              .close();
          System.out.println((System.nanoTime() - start) * 1e-9);
          byte[] bytes = new byte[gradient.capacity()];
          gradient.get(0, bytes);
          Files.write(Path.of(arguments[3]), bytes);
        }
      }
    }
  }

  private static long[] single(long[] shape) {
    return Arrays.stream(shape).map(Math::abs).toArray();
  }

  private static FloatBuffer floats(long count) {
    return ByteBuffer.allocateDirect(Math.toIntExact(4 * count))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
