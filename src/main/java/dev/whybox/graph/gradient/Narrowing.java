// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.Dims;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Simplification;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes parts before joining instead of after. A detector's head joins boxes and classes of all
 * scales and then splits them again; where only the one or the other is wanted, the other's
 * branches need not be computed, neither forwards nor backwards.
 */
final class Narrowing {
  private final OnnxGraph graph;
  private final GraphShapes shapes;
  private final NodeWriter writer;

  private Narrowing(OnnxGraph graph, GraphShapes shapes) {
    this.graph = graph;
    this.shapes = shapes;
    this.writer = new NodeWriter(graph.opset());
  }

  /** The same outputs from less; the tensors that are left keep their names. */
  static ModelProto of(OnnxGraph graph, GraphShapes shapes) {
    return new Narrowing(graph, shapes).rewritten();
  }

  private ModelProto rewritten() {
    Set<String> outputs =
        graph.model().getGraph().getOutputList().stream()
            .map(o -> o.getName())
            .collect(Collectors.toSet());
    GraphProto.Builder result = graph.model().getGraph().toBuilder().clearNode();
    int written = 0;
    for (NodeProto node : graph.nodes()) {
      NodeProto.Builder copy = node.toBuilder();
      List<String> used =
          node.getOutputList().stream()
              .filter(n -> outputs.contains(n) || !graph.consumers(n).isEmpty())
              .toList();
      if (node.getOpType().equals("Split") && used.size() < node.getOutputCount()) {
        for (String part : used) {
          writer.scope("narrowed/" + part);
          String found = narrowed(node, part);
          if (found != null) {
            writer.rename(writer.emit("Identity", List.of(found)), part);
            int at = node.getOutputList().indexOf(part);
            copy.setOutput(at, part + "/joined");
          }
        }
      }
      for (; written < writer.nodes().size(); written++) {
        result.addNode(writer.nodes().get(written));
      }
      result.addNode(copy);
    }
    result.addAllInitializer(writer.constants().values());
    return Simplification.pruned(graph.model().toBuilder().setGraph(result).build());
  }

  private String narrowed(NodeProto split, String part) {
    int axis = axis(split);
    long start = start(split, part, axis);
    return narrowed(split.getInput(0), axis, start, start + shapes.shape(part)[axis]);
  }

  private int axis(NodeProto node) {
    long axis = new Attributes(node).integer("axis", 0);
    return Dims.axis(axis, shapes.shape(node.getOutput(0)).length);
  }

  private long start(NodeProto split, String part, int axis) {
    long start = 0;
    for (int i = 0; !split.getOutput(i).equals(part); i++) {
      start += shapes.shape(split.getOutput(i))[axis];
    }
    return start;
  }

  /** A tensor that equals the range of another along an axis; null where that takes arithmetic. */
  private String narrowed(String tensor, int axis, long start, long end) {
    long[] shape = shapes.shape(tensor);
    if (shape[axis] < 0) {
      return null;
    }
    if (start == 0 && end == shape[axis]) {
      return tensor;
    }
    NodeProto node = graph.producer(tensor);
    return switch (node == null ? "" : node.getOpType()) {
      case "Concat" -> joined(node, axis, start, end);
      case "Reshape" -> {
        long[] from = shapes.shape(node.getInput(0));
        boolean kept = from.length > axis;
        for (int i = 0; i <= axis && kept; i++) {
          kept = from[i] == shape[i];
        }
        shape[axis] = end - start;
        if (!kept || Simplification.target(shape) == null) {
          yield null;
        }
        String inner = narrowed(node.getInput(0), axis, start, end);
        yield inner == null ? null : writer.reshape(inner, shape);
      }
      default -> null;
    };
  }

  private String joined(NodeProto concat, int axis, long start, long end) {
    boolean along = axis(concat) == axis;
    List<String> parts = new ArrayList<>();
    long offset = 0;
    for (String part : concat.getInputList()) {
      long size = shapes.shape(part)[axis];
      long first = along ? Math.max(start - offset, 0) : start;
      long last = along ? Math.min(end - offset, size) : end;
      offset += size;
      if (first < last) {
        parts.add(narrowed(part, axis, first, last));
      }
    }
    return parts.contains(null) ? null : writer.concat(parts, axis(concat));
  }
}
