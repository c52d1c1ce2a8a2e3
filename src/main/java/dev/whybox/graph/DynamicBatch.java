// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Frees the batch of a model that was exported with a fixed one. Exports write the batch into
 * constants: the target shapes of Reshape and Expand, and the sizes of Resize. This class rewrites
 * those constants whose nodes process pixels. Then it checks the whole graph at other batch sizes.
 */
public final class DynamicBatch {
  private static final Set<String> SIZES = Set.of("Shape", "Size");

  private DynamicBatch() {}

  /**
   * Frees the batch.
   *
   * @param model a model whose inputs have fixed sizes, apart from the batch
   * @return a model that takes any batch; the same model if it already does
   * @throws UnsupportedGraph if an operator mixes the images of a batch
   */
  public static ModelProto of(ModelProto model) {
    OnnxGraph graph = new OnnxGraph(model);
    Map<String, long[]> inputs = new HashMap<>();
    for (ValueInfoProto input : graph.inputs().values()) {
      long[] shape = GraphShapes.declared(input);
      if (shape.length == 0 || shape[0] < 0) {
        return model;
      }
      if (Arrays.stream(shape).anyMatch(d -> d < 0)) {
        throw new UnsupportedGraph(
            "The model's input "
                + input.getName()
                + " has a fixed batch but free sizes "
                + Arrays.toString(shape)
                + ". Give it a size first.");
      }
      inputs.put(input.getName(), shape);
    }
    GraphShapes fixed = GraphShapes.of(graph, inputs);
    Map<String, long[]> free = new HashMap<>();
    inputs.forEach(
        (name, shape) -> {
          long[] copy = shape.clone();
          copy[0] = -1;
          free.put(name, copy);
        });
    Set<String> images = pixels(graph, inputs.keySet());
    return declared(rewritten(graph, fixed, images), fixed, images, free);
  }

  /**
   * The tensors that depend on pixels. Tensors that depend on the image's size alone, such as the
   * positions of anchors, have no batch: they are the same for every image.
   */
  private static Set<String> pixels(OnnxGraph graph, Set<String> images) {
    Set<String> result = new HashSet<>(images);
    for (NodeProto node : graph.nodes()) {
      if (!SIZES.contains(node.getOpType())
          && node.getInputList().stream().anyMatch(result::contains)) {
        result.addAll(node.getOutputList());
      }
    }
    result.remove("");
    return result;
  }

  private static ModelProto rewritten(OnnxGraph graph, GraphShapes fixed, Set<String> images) {
    GraphProto.Builder result = graph.model().getGraph().toBuilder().clearNode().clearValueInfo();
    for (NodeProto node : graph.nodes()) {
      NodeProto.Builder copy = node.toBuilder();
      if (node.getInputCount() > 0 && images.contains(node.getInput(0))) {
        refuseMixing(node, graph.opset());
        String name = node.getOutput(0) + "/batch";
        switch (node.getOpType()) {
          case "Reshape" -> {
            // The batch is the first axis of input and output, and a Reshape keeps the order of
            // elements.
            long[] shape = fixed.shape(node.getOutput(0));
            if (fixed.isConstant(node.getInput(1)) && shape.length > 0) {
              shape[0] = -1;
              result.addInitializer(TensorData.longs(shape).toProto(name));
              copy.setInput(1, name);
            }
          }
          case "Expand" -> {
            if (fixed.isConstant(node.getInput(1))) {
              long[] shape = fixed.constant(node.getInput(1)).asLongs();
              // A size of 1 means the input's own size.
              if (shape.length == fixed.shape(node.getInput(0)).length) {
                shape[0] = 1;
              }
              result.addInitializer(TensorData.longs(shape).toProto(name));
              copy.setInput(1, name);
            }
          }
          case "Resize" -> {
            if (node.getInputCount() > 3 && fixed.isConstant(node.getInput(3))) {
              result.addInitializer(scales(node, fixed).toProto(name));
              copy.clearInput().addInput(node.getInput(0)).addInput("").addInput(name);
            }
          }
          default -> {}
        }
      }
      result.addNode(copy);
    }
    return Simplification.pruned(graph.model().toBuilder().setGraph(result).build());
  }

  /** Refuses operators that mix the images of a batch although the shapes do not show it. */
  private static void refuseMixing(NodeProto node, int opset) {
    boolean overBatch =
        node.getOpType().equals("Softmax")
            && new Attributes(node).integer("axis", opset < 13 ? 1 : -1) == 0;
    if (overBatch || node.getOpType().equals("DynamicQuantizeLinear")) {
      throw new UnsupportedGraph(
          OnnxGraph.describe(node)
              + " works on all images of a batch together, so the result of one image would"
              + " depend on the others. Use the model with a batch of 1, or export it without"
              + " this operator (int8=False).");
    }
  }

  private static TensorData scales(NodeProto node, GraphShapes fixed) {
    long[] in = fixed.shape(node.getInput(0));
    long[] out = fixed.shape(node.getOutput(0));
    double[] scales = new double[in.length];
    Arrays.setAll(scales, i -> (double) out[i] / in[i]);
    return TensorData.of(DataType.FLOAT, new long[] {in.length}, scales);
  }

  /**
   * Declares inputs and outputs with a free batch, and checks that every tensor holds one image
   * after the other.
   */
  private static ModelProto declared(
      ModelProto model, GraphShapes fixed, Set<String> images, Map<String, long[]> inputs) {
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, inputs);
    for (NodeProto node : graph.nodes()) {
      for (String tensor : node.getOutputList()) {
        if (!tensor.isEmpty() && shapes.knows(tensor)) {
          check(node, tensor, shapes, fixed, images.contains(tensor));
        }
      }
    }
    GraphProto.Builder result = model.getGraph().toBuilder();
    for (int i = 0; i < result.getInputCount(); i++) {
      ValueInfoProto input = result.getInput(i);
      if (inputs.containsKey(input.getName())) {
        result.setInput(i, Simplification.sized(input, inputs.get(input.getName())));
      }
    }
    for (int i = 0; i < result.getOutputCount(); i++) {
      ValueInfoProto output = result.getOutput(i);
      if (shapes.knows(output.getName())) {
        long[] shape = shapes.shape(output.getName());
        result.setOutput(i, Simplification.sized(output, shape));
      }
    }
    return model.toBuilder().setGraph(result).build();
  }

  private static void check(
      NodeProto node, String tensor, GraphShapes shapes, GraphShapes fixed, boolean pixels) {
    long[] now = shapes.shape(tensor);
    long[] before = fixed.shape(tensor);
    boolean same = now.length == before.length;
    // What depends on pixels has an image for each of the batch, or else only one of them is read.
    same &= !pixels || now.length > 0 && now[0] < 0;
    for (int i = 1; i < now.length && same; i++) {
      same = now[i] == before[i];
    }
    if (!same) {
      throw new UnsupportedGraph(
          OnnxGraph.describe(node)
              + " does not keep the images of a batch apart: it gives "
              + Arrays.toString(before)
              + ", and with a free batch "
              + Arrays.toString(now)
              + ". Export the model with dynamic=True, or use it with its own batch.");
    }
  }
}
