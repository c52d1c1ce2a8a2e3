// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.engine.Port;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.DynamicBatch;
import dev.whybox.graph.FloatInterface;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.HalfPrecision;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Simplification;
import java.util.Arrays;
import java.util.List;

/**
 * A graph prepared for TensorRT: its inputs and outputs are float32, shape arithmetic is folded,
 * and TensorRT's parser accepts every operator. Precision is a property of the graph, since
 * networks are strongly typed.
 *
 * @param onnx the graph
 * @param name its name in messages
 * @param inputs its inputs; a detector has only the images
 * @param outputs its outputs; a detector has those that its head reads
 * @param precision the precision of most of its arithmetic
 */
public record DeviceModel(
    byte[] onnx, String name, List<Tensor> inputs, List<Tensor> outputs, String precision) {

  /**
   * An input or output.
   *
   * @param name its name in the graph
   * @param shape its sizes; −k means k · batch
   */
  public record Tensor(String name, long[] shape) {
    /** Whether its size grows with the batch. */
    boolean free() {
      return Arrays.stream(shape).anyMatch(size -> size < 0);
    }

    /** The tensor for a given batch. */
    Port at(int batch) {
      return new Port(
          name, Arrays.stream(shape).map(size -> size < 0 ? -size * batch : size).toArray());
    }

    /** Its sizes without the batch axis. */
    private long[] image() {
      return Arrays.copyOfRange(shape, 1, shape.length);
    }
  }

  /**
   * Prepares a detector with one output. Its batch becomes free, and its first output becomes the
   * only one.
   *
   * @param bytes the bytes of an ONNX file
   * @param name its name in messages
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param half true to compute a float32 model in float16 where that is safe
   * @return the model for TensorRT
   * @throws UnsupportedGraph if TensorRT would refuse it, or if its batch cannot be freed
   */
  public static DeviceModel of(byte[] bytes, String name, int height, int width, boolean half) {
    return of(bytes, name, height, width, List.of(0), half);
  }

  /**
   * Prepares a detector. Its batch becomes free, and the outputs that its head does not read are
   * removed.
   *
   * @param bytes an ONNX file
   * @param name its name in messages
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param outputs the numbers of the outputs that stay, from 0, in the order of the result
   * @param half true to compute a float32 model in float16 where that is safe
   * @return the model for TensorRT
   * @throws UnsupportedGraph if TensorRT would refuse it, or if its batch cannot be freed
   */
  public static DeviceModel of(
      byte[] bytes, String name, int height, int width, List<Integer> outputs, boolean half) {
    ModelProto model = OnnxFile.read(bytes, name);
    if (FloatInterface.needed(model)) {
      model = FloatInterface.of(model);
    }
    model = folded(DynamicBatch.of(folded(alone(model, outputs), height, width)), height, width);
    if (half && OnnxFile.precision(model).equals("fp32")) {
      OnnxGraph graph = new OnnxGraph(model);
      model = HalfPrecision.of(graph, GraphShapes.of(graph, height, width));
    }
    return checked(model, name, height, width);
  }

  /**
   * Prepares a graph with any inputs and outputs, such as one that computes gradients. It is not
   * rewritten.
   *
   * @param bytes the bytes of an ONNX file with float32 inputs and outputs; all sizes are fixed,
   *     except for the batch
   * @param name its name in messages
   * @return the graph for TensorRT
   * @throws UnsupportedGraph if TensorRT would refuse it
   */
  public static DeviceModel of(byte[] bytes, String name) {
    return checked(OnnxFile.read(bytes, name), name, 0, 0);
  }

  private static DeviceModel checked(ModelProto model, String name, int height, int width) {
    TensorRtOperators.check(model, name);
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, height, width);
    return new DeviceModel(
        model.toByteArray(),
        name,
        tensors(List.copyOf(graph.inputs().values()), shapes),
        tensors(model.getGraph().getOutputList(), shapes),
        OnnxFile.precision(model));
  }

  private static List<Tensor> tensors(List<ValueInfoProto> values, GraphShapes shapes) {
    return values.stream()
        .map(value -> new Tensor(value.getName(), shapes.shape(value.getName())))
        .toList();
  }

  /** Keeps only the outputs that are read. Prototypes of masks and the like are not computed. */
  private static ModelProto alone(ModelProto model, List<Integer> outputs) {
    ModelProto.Builder result = model.toBuilder();
    result.getGraphBuilder().clearOutput();
    outputs.forEach(i -> result.getGraphBuilder().addOutput(model.getGraph().getOutput(i)));
    return result.build();
  }

  private static ModelProto folded(ModelProto model, int height, int width) {
    OnnxGraph graph = new OnnxGraph(model);
    return Simplification.of(graph, GraphShapes.of(graph, height, width));
  }

  /** Whether any input grows with the batch; if none does, every run has the same batch. */
  boolean freeBatch() {
    return inputs.stream().anyMatch(Tensor::free);
  }

  /**
   * The inputs of a run.
   *
   * @param batch images per run, at least 1
   * @return the inputs at that batch
   */
  public List<Port> inputs(int batch) {
    return inputs.stream().map(tensor -> tensor.at(batch)).toList();
  }

  /**
   * The outputs of a run.
   *
   * @param batch images per run, at least 1
   * @return the outputs at that batch
   */
  public List<Port> outputs(int batch) {
    return outputs.stream().map(tensor -> tensor.at(batch)).toList();
  }

  /**
   * The sizes of the first input.
   *
   * @return its sizes without the batch axis
   */
  public long[] shape() {
    return inputs.get(0).image();
  }

  /**
   * The sizes of the first output.
   *
   * @return its sizes without the batch axis
   */
  public long[] outputShape() {
    return outputs.get(0).image();
  }

  /** The number of values of the first input per image. */
  long inputSize() {
    return Arrays.stream(shape()).reduce(1, Math::multiplyExact);
  }

  /** The number of values of the first output per image. */
  long outputSize() {
    return Arrays.stream(outputShape()).reduce(1, Math::multiplyExact);
  }
}
