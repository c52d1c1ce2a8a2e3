// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.FloatInterface;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.InnerOutputs;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Origin;
import dev.whybox.graph.Simplification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the backward pass that inference engines lack: reverse-mode differentiation over ONNX
 * nodes, giving an ordinary ONNX graph (images, cotangent) → (target, gradients) that any engine
 * runs.
 *
 * <p>The cotangent is shaped like the target tensor and weighs its elements: the graph computes the
 * gradient of Σ cotangent · target. So a cotangent of one 1 asks for a logit, a box coordinate or a
 * neuron; of a plane of ones for a channel; of other weights for any sum of them; and each image of
 * a batch may ask for something else. {@link Origin} finds the tensor in which an element of the
 * model's output first appears: with that as the target, no head is computed that the cotangent
 * does not need, and of a class the value is the logit before the sigmoid.
 *
 * <p>Guided backpropagation (Springenberg et al. 2015) lets only positive gradients back through
 * activation functions.
 */
public final class Gradient {
  private static final Set<String> SIZES = Set.of("Shape", "Size");
  private static final Set<String> STEPS =
      Set.of("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Not");

  private Gradient() {}

  /**
   * Differentiates.
   *
   * @param graph the forward graph
   * @param shapes its shapes; where they leave the batch free, so is the result's
   * @param target the tensor whose elements the cotangent weighs
   * @param sources the tensors whose gradients are wanted: the image input, or any between
   * @return the graph, simplified for the shapes' input size
   * @throws BadArgument where there is no such tensor
   * @throws NotDifferentiable where no gradient leads from the target to a source
   * @throws UnsupportedGraph where shapes on the way are not known
   */
  public static GradientGraph of(
      OnnxGraph graph, GraphShapes shapes, String target, List<String> sources) {
    return of(graph, shapes, target, sources, List.of(), false);
  }

  /**
   * Differentiates, and shows tensors on the way.
   *
   * @param graph the forward graph
   * @param shapes its shapes; where they leave the batch free, so is the result's
   * @param target the tensor whose elements the cotangent weighs
   * @param sources the tensors whose gradients are wanted: the image input, or any between
   * @param shown tensors whose values are outputs too, such as the activations of a layer
   * @param guided whether activation functions let only positive gradients back
   * @return the graph, simplified for the shapes' input size
   * @throws BadArgument where there is no such tensor
   * @throws NotDifferentiable where no gradient leads from the target to a source
   * @throws UnsupportedGraph where shapes on the way are not known
   */
  public static GradientGraph of(
      OnnxGraph graph,
      GraphShapes shapes,
      String target,
      List<String> sources,
      List<String> shown,
      boolean guided) {
    if (FloatInterface.needed(graph.model())) {
      OnnxGraph real = new OnnxGraph(FloatInterface.of(graph.model()));
      return of(real, GraphShapes.of(real, shapes.inputs()), target, sources, shown, guided);
    }
    graph.require(target);
    sources.forEach(graph::require);
    if (sources.isEmpty()) {
      throw new BadArgument("A gradient needs at least one tensor to be taken at; none is named.");
    }
    Set<String> before = graph.ancestors(List.of(target));
    for (String source : sources) {
      if (!before.contains(source)) {
        throw Tape.independent(target, List.of(source));
      }
    }
    refuseControlFlow(graph, before);
    if (!shapes.knows(target)) {
      refuseUnknown(graph, before, sources);
    }
    Set<String> outputs = new LinkedHashSet<>(List.of(target));
    outputs.addAll(shown);
    sources.stream().filter(s -> graph.producer(s) != null).forEach(outputs::add);
    ModelProto cut = InnerOutputs.only(graph, shapes, List.copyOf(outputs));
    OnnxGraph whole = new OnnxGraph(Simplification.of(new OnnxGraph(cut), shapes));
    ModelProto narrow = Narrowing.of(whole, GraphShapes.of(whole, shapes.inputs()));
    OnnxGraph forward = new OnnxGraph(narrow);
    GraphShapes sizes = GraphShapes.of(forward, shapes.inputs());
    Set<String> active = active(forward, sizes, target, sources);
    Tape tape = new Tape(forward, sizes, active, Set.copyOf(sources), guided);
    return new Assembly(forward, sizes, tape, target, sources, shown).graph();
  }

  private static void refuseControlFlow(OnnxGraph graph, Set<String> before) {
    for (NodeProto node : graph.nodes()) {
      if (OnnxGraph.hasSubgraph(node) && node.getOutputList().stream().anyMatch(before::contains)) {
        throw Tape.blocked(node, node.getInput(0), "it holds a graph of its own (control flow)");
      }
    }
  }

  /** An operator without a rule is often one without known sizes; then its name says more. */
  private static void refuseUnknown(OnnxGraph graph, Set<String> before, List<String> sources) {
    Set<String> active = new HashSet<>(sources);
    for (NodeProto node : graph.nodes()) {
      String carrier = carrier(node, active);
      if (carrier != null && node.getOutputList().stream().anyMatch(before::contains)) {
        if (GradientRules.of(node) == null) {
          throw Tape.blocked(node, carrier, "there is no rule for this operator");
        }
        active.addAll(node.getOutputList());
      }
    }
  }

  /** The first input that carries a gradient; null where none does, or its sizes or order count. */
  private static String carrier(NodeProto node, Set<String> active) {
    String op = node.getOpType();
    return SIZES.contains(op) || STEPS.contains(op)
        ? null
        : node.getInputList().stream().filter(active::contains).findFirst().orElse(null);
  }

  /** The tensors that lie between the sources and the target and carry a gradient. */
  private static Set<String> active(
      OnnxGraph graph, GraphShapes shapes, String target, List<String> sources) {
    Set<String> before = graph.ancestors(List.of(target));
    Set<String> result = new HashSet<>(sources);
    for (NodeProto node : graph.nodes()) {
      String carrier = carrier(node, result);
      if (carrier == null) {
        continue;
      }
      for (String output : node.getOutputList()) {
        if (!before.contains(output)) {
          continue;
        }
        boolean whole = shapes.knows(output) && !GraphShapes.isReal(shapes.type(output));
        if (whole && GradientRules.of(node) != null) {
          throw Tape.blocked(node, carrier, "its result is of whole numbers");
        }
        result.add(output);
      }
    }
    if (!result.contains(target)) {
      throw Tape.independent(target, sources);
    }
    return result;
  }

  /** Puts the forward pass, the way back and the new inputs and outputs together. */
  private record Assembly(
      OnnxGraph forward,
      GraphShapes shapes,
      Tape tape,
      String target,
      List<String> sources,
      List<String> shown) {
    private static final String COTANGENT = "cotangent";

    GradientGraph graph() {
      DataType type = shapes.type(target);
      boolean half = type != DataType.FLOAT && type != DataType.DOUBLE;
      String cotangent = forward.has(COTANGENT) ? "gradient/" + COTANGENT : COTANGENT;
      tape.give(target, half ? tape.cast(cotangent, type) : cotangent);
      List<NodeProto> nodes = forward.nodes();
      for (int i = nodes.size() - 1; i >= 0; i--) {
        tape.back(nodes.get(i));
      }
      GraphProto.Builder result = forward.model().getGraph().toBuilder();
      ValueInfoProto declared = InnerOutputs.declared(target, shapes);
      result.addInput(real(declared.toBuilder().setName(cotangent).build(), half));
      result.clearOutput();
      Map<String, String> gradients = new LinkedHashMap<>();
      List<String> values = new ArrayList<>(List.of(target));
      shown.stream().filter(s -> !s.equals(target)).forEach(values::add);
      Map<String, String> shownAs = new LinkedHashMap<>();
      for (String value : values) {
        shownAs.put(value, output(result, value, value, "value/" + value));
      }
      for (String source : sources) {
        String gradient = tape.gradient(source);
        if (gradient == null) {
          throw Tape.independent(target, List.of(source));
        }
        gradients.put(source, output(result, source, gradient, "gradient/" + source));
      }
      result.addAllNode(tape.nodes());
      result.addAllInitializer(tape.constants().values());
      ModelProto model = forward.model().toBuilder().setGraph(result).build();
      return new GradientGraph(
          Simplification.pruned(model),
          cotangent,
          target,
          shownAs,
          gradients,
          shapes.shape(target));
    }

    /** Declares an output of a tensor's sizes; float32 where the tensor is of half precision. */
    private String output(GraphProto.Builder result, String tensor, String from, String name) {
      DataType type = shapes.type(tensor);
      boolean half = type == DataType.FLOAT16 || type == DataType.BFLOAT16;
      tape.scope(name);
      if (half) {
        tape.rename(tape.cast(from, DataType.FLOAT), name);
      } else if (from.equals(tensor)) {
        name = tensor;
      } else {
        tape.rename(tape.emit("Identity", List.of(from)), name);
      }
      ValueInfoProto declared = InnerOutputs.declared(tensor, shapes);
      result.addOutput(real(declared.toBuilder().setName(name).build(), half));
      return name;
    }

    private static ValueInfoProto real(ValueInfoProto value, boolean half) {
      ValueInfoProto.Builder copy = value.toBuilder();
      if (half) {
        copy.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT_VALUE);
      }
      return copy.build();
    }
  }
}
