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
import dev.whybox.graph.gradient.GradientGraph.Cotangent;
import java.util.ArrayList;
import java.util.Arrays;
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
 * <p>One image may have many cotangents, see {@link #takesRows}: what lies before the targets has
 * then a batch of 1, the gradients have a batch of as many, and the one is stretched to the other
 * where they meet. Several targets may share a graph, each with cotangents of its own.
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
    return of(graph, shapes, List.of(target), sources, List.of(), false);
  }

  /**
   * Differentiates at several tensors, and shows tensors on the way.
   *
   * @param graph the forward graph
   * @param shapes its shapes; where they leave the batch free, so is the result's
   * @param targets the tensors whose elements cotangents weigh, at least one
   * @param sources the tensors whose gradients are wanted: the image input, or any between; each
   *     target has to depend on one of them
   * @param shown tensors whose values are outputs too, such as the activations of a layer
   * @param guided whether activation functions let only positive gradients back
   * @return the graph, simplified for the shapes' input size
   * @throws BadArgument where there is no such tensor
   * @throws NotDifferentiable where no gradient leads from a target to a source
   * @throws UnsupportedGraph where shapes on the way are not known, or where there are several
   *     targets and {@link #takesRows} is false
   */
  public static GradientGraph of(
      OnnxGraph graph,
      GraphShapes shapes,
      List<String> targets,
      List<String> sources,
      List<String> shown,
      boolean guided) {
    if (FloatInterface.needed(graph.model())) {
      OnnxGraph real = new OnnxGraph(FloatInterface.of(graph.model()));
      return of(real, GraphShapes.of(real, shapes.inputs()), targets, sources, shown, guided);
    }
    targets.forEach(graph::require);
    sources.forEach(graph::require);
    if (targets.isEmpty() || sources.isEmpty()) {
      throw new BadArgument(
          "A gradient needs at least one tensor to differentiate and one to be taken at; found "
              + targets
              + " and "
              + sources
              + ".");
    }
    Set<String> before = graph.ancestors(targets);
    for (String source : sources) {
      if (!before.contains(source)) {
        throw Tape.independent(String.join(", ", targets), List.of(source));
      }
    }
    refuseControlFlow(graph, before);
    if (!targets.stream().allMatch(shapes::knows)) {
      refuseUnknown(graph, before, sources);
    }
    if (targets.size() > 1 && !takesRows(graph, shapes, targets)) {
      throw new UnsupportedGraph(
          "The model's batch is not free, or is not the first axis of every tensor before "
              + String.join(", ", targets)
              + ", so they cannot share a graph of gradients. Differentiate one at a time.");
    }
    Set<String> outputs = new LinkedHashSet<>(targets);
    outputs.addAll(shown);
    sources.stream().filter(s -> graph.producer(s) != null).forEach(outputs::add);
    ModelProto cut = InnerOutputs.only(graph, shapes, List.copyOf(outputs));
    OnnxGraph whole = new OnnxGraph(Simplification.of(new OnnxGraph(cut), shapes));
    ModelProto narrow = Narrowing.of(whole, GraphShapes.of(whole, shapes.inputs()));
    OnnxGraph forward = new OnnxGraph(narrow);
    GraphShapes sizes = GraphShapes.of(forward, shapes.inputs());
    Set<String> active = active(forward, sizes, targets, sources);
    Tape tape = new Tape(forward, sizes, active, Set.copyOf(sources), guided);
    return new Assembly(forward, sizes, tape, targets, sources, shown).graph();
  }

  /**
   * Whether a single image may have any number of cotangents: where each tensor that carries a
   * gradient has the batch as its first axis, and on no other one. Then no rule needs to know which
   * of the two batches, 1 or the number of cotangents, a tensor has, and no row acts on another.
   *
   * @param graph the forward graph
   * @param shapes its shapes
   * @param targets the tensors that are to be differentiated
   * @return false where the batch is fixed too, or where a target does not depend on the image
   * @throws BadArgument where there is no such tensor
   */
  public static boolean takesRows(OnnxGraph graph, GraphShapes shapes, List<String> targets) {
    targets.forEach(graph::require);
    List<String> images = List.copyOf(graph.inputs().keySet());
    Set<String> before = graph.ancestors(targets);
    Set<String> active = new HashSet<>(images);
    for (NodeProto node : graph.nodes()) {
      if (carrier(node, active) != null) {
        node.getOutputList().stream().filter(before::contains).forEach(active::add);
      }
    }
    return active.containsAll(targets) && active.stream().allMatch(t -> isOneRow(t, shapes));
  }

  private static boolean isOneRow(String tensor, GraphShapes shapes) {
    if (!shapes.knows(tensor)) {
      return false;
    }
    long[] shape = shapes.shape(tensor);
    return shape.length > 0
        && shape[0] == -1
        && Arrays.stream(shape).skip(1).allMatch(size -> size >= 0);
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

  /** The tensors that lie between the sources and the targets and carry a gradient. */
  private static Set<String> active(
      OnnxGraph graph, GraphShapes shapes, List<String> targets, List<String> sources) {
    Set<String> before = graph.ancestors(targets);
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
    for (String target : targets) {
      if (!result.contains(target)) {
        throw Tape.independent(target, sources);
      }
    }
    return result;
  }

  /** Puts the forward pass, the way back and the new inputs and outputs together. */
  private record Assembly(
      OnnxGraph forward,
      GraphShapes shapes,
      Tape tape,
      List<String> targets,
      List<String> sources,
      List<String> shown) {
    private static final String COTANGENT = "cotangent";
    private static final String PLACES = "places";

    /** What the batch of the cotangents and the gradients is called. */
    private static final String ROWS = "rows";

    GradientGraph graph() {
      GraphProto.Builder result = forward.model().getGraph().toBuilder().clearOutput();
      List<Cotangent> cotangents = new ArrayList<>();
      for (int i = 0; i < targets.size(); i++) {
        cotangents.add(cotangent(i, result));
      }
      List<NodeProto> nodes = forward.nodes();
      for (int i = nodes.size() - 1; i >= 0; i--) {
        tape.back(nodes.get(i));
      }
      Map<String, String> gradients = new LinkedHashMap<>();
      List<String> values = new ArrayList<>(targets);
      shown.stream().filter(s -> !targets.contains(s)).forEach(values::add);
      Map<String, String> shownAs = new LinkedHashMap<>();
      for (String value : values) {
        shownAs.put(value, output(result, value, value, "value/" + value));
      }
      for (String source : sources) {
        tape.scope("gradient/" + source);
        String gradient = tape.wholeGradient(source);
        if (gradient == null) {
          throw Tape.independent(String.join(", ", targets), List.of(source));
        }
        gradients.put(source, output(result, source, gradient, "gradient/" + source));
      }
      result.addAllNode(tape.nodes());
      result.addAllInitializer(tape.constants().values());
      ModelProto model = forward.model().toBuilder().setGraph(result).build();
      return new GradientGraph(
          Simplification.pruned(model), List.copyOf(cotangents), shownAs, gradients);
    }

    /** Adds the inputs of target number {@code i} and begins there. */
    private Cotangent cotangent(int i, GraphProto.Builder result) {
      String target = targets.get(i);
      DataType type = shapes.type(target);
      boolean half = isHalf(type);
      boolean only = targets.size() == 1;
      String input = unused(COTANGENT, i);
      ValueInfoProto declared =
          InnerOutputs.declared(target, shapes).toBuilder().setName(input).build();
      result.addInput(real(rows(declared, only ? ROWS : ROWS + "/" + i), half));
      tape.scope("gradient/" + target);
      String cotangent = half ? tape.cast(input, type) : input;
      if (only) {
        tape.begin(target, cotangent);
        return new Cotangent(target, input, null, shapes.shape(target));
      }
      String places = unused(PLACES, i);
      ValueInfoProto.Builder list = ValueInfoProto.newBuilder().setName(places);
      var tensor = list.getTypeBuilder().getTensorTypeBuilder();
      tensor.setElemType(DataType.FLOAT_VALUE).getShapeBuilder().addDimBuilder().setDimParam(ROWS);
      result.addInput(list);
      tape.begin(target, cotangent, places);
      return new Cotangent(target, input, places, shapes.shape(target));
    }

    private String unused(String name, int i) {
      String own = targets.size() == 1 ? name : name + "/" + i;
      return forward.has(own) ? "gradient/" + own : own;
    }

    /** Declares an output of a tensor's sizes; float32 where the tensor is of half precision. */
    private String output(GraphProto.Builder result, String tensor, String from, String name) {
      DataType type = shapes.type(tensor);
      boolean half = isHalf(type);
      boolean gradient = !from.equals(tensor);
      tape.scope(name);
      if (half) {
        tape.rename(tape.cast(from, DataType.FLOAT), name);
      } else if (gradient) {
        tape.rename(tape.emit("Identity", List.of(from)), name);
      } else {
        name = tensor;
      }
      ValueInfoProto declared =
          InnerOutputs.declared(tensor, shapes).toBuilder().setName(name).build();
      result.addOutput(real(gradient ? rows(declared, ROWS) : declared, half));
      return name;
    }

    /** Gives a free batch a name of its own: it need not be that of the images. */
    private static ValueInfoProto rows(ValueInfoProto value, String name) {
      ValueInfoProto.Builder copy = value.toBuilder();
      var shape = copy.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
      if (shape.getDimCount() > 0 && shape.getDim(0).hasDimParam()) {
        shape.getDimBuilder(0).setDimParam(name);
      }
      return copy.build();
    }

    private static boolean isHalf(DataType type) {
      return type == DataType.FLOAT16 || type == DataType.BFLOAT16;
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
