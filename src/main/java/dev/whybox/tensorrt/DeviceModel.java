// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.whybox.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.DynamicBatch;
import dev.whybox.graph.FloatInterface;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.HalfPrecision;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Simplification;
import java.util.Arrays;

/**
 * A detector as TensorRT gets it: float32 at its borders, the batch free, shape arithmetic folded,
 * every operator one that TensorRT's parser takes. Precision is a property of the graph, since
 * networks are strongly typed.
 *
 * @param onnx the graph
 * @param name what to call it in messages
 * @param input its input's name
 * @param output its first output's name
 * @param shape the input's sizes after the batch
 * @param outputShape the output's sizes after the batch
 * @param precision of most of its arithmetic
 */
public record DeviceModel(
    byte[] onnx,
    String name,
    String input,
    String output,
    long[] shape,
    long[] outputShape,
    String precision) {

  /**
   * Prepares a detector.
   *
   * @param bytes an ONNX file
   * @param name what to call it in messages
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param half whether a float32 model is to compute in float16 where that is safe
   * @return the model for TensorRT
   * @throws UnsupportedGraph where TensorRT would not take it, or its batch can't be freed
   */
  public static DeviceModel of(byte[] bytes, String name, int height, int width, boolean half) {
    ModelProto model = OnnxFile.read(bytes, name);
    if (FloatInterface.needed(model)) {
      model = FloatInterface.of(model);
    }
    model = folded(DynamicBatch.of(folded(model, height, width)), height, width);
    if (half && OnnxFile.precision(model).equals("fp32")) {
      OnnxGraph graph = new OnnxGraph(model);
      model = HalfPrecision.of(graph, GraphShapes.of(graph, height, width));
    }
    TensorRtOperators.check(model, name);
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, height, width);
    String input = graph.inputs().keySet().iterator().next();
    String output = model.getGraph().getOutput(0).getName();
    return new DeviceModel(
        model.toByteArray(),
        name,
        input,
        output,
        image(shapes.shape(input)),
        image(shapes.shape(output)),
        OnnxFile.precision(model));
  }

  private static ModelProto folded(ModelProto model, int height, int width) {
    OnnxGraph graph = new OnnxGraph(model);
    return Simplification.of(graph, GraphShapes.of(graph, height, width));
  }

  private static long[] image(long[] shape) {
    return Arrays.copyOfRange(shape, 1, shape.length);
  }

  /** Values an image has as input. */
  long inputSize() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** Values an image has as output. */
  long outputSize() {
    return Arrays.stream(outputShape).reduce(1, Math::multiplyExact);
  }
}
