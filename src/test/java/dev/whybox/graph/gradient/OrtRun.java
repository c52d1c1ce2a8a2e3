// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assertions;

/** ONNX Runtime on a model in memory. */
public final class OrtRun implements AutoCloseable {
  /** What TensorRT's parser takes as well as ONNX Runtime, of what exports are made of. */
  private static final Set<String> BOTH_ENGINES =
      Set.of(
          "Conv",
          "ConvTranspose",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Min",
          "Max",
          "Log",
          "Exp",
          "Sqrt",
          "Sin",
          "Cos",
          "Tanh",
          "Neg",
          "Abs",
          "Reciprocal",
          "Relu",
          "LeakyRelu",
          "HardSwish",
          "HardSigmoid",
          "Sigmoid",
          "Clip",
          "Equal",
          "Greater",
          "Less",
          "Where",
          "Cast",
          "Identity",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Expand",
          "Concat",
          "Split",
          "Slice",
          "Gather",
          "Pad",
          "Resize",
          "MatMul",
          "Gemm",
          "ReduceSum",
          "ReduceMean",
          "ReduceMax",
          "Softmax",
          "BatchNormalization",
          "Shape");

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  public OrtRun(ModelProto model) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(2);
      session = environment.createSession(model.toByteArray(), options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  public static ModelProto read(Path path) {
    try {
      return OnnxFile.read(Files.readAllBytes(path), path.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fails on an operator that one of the engines lacks, and on forms of it that TensorRT refuses.
   */
  public static void assertRunsAnywhere(ModelProto model) {
    OnnxGraph graph = new OnnxGraph(model);
    for (NodeProto node : graph.nodes()) {
      Assertions.assertTrue(
          BOTH_ENGINES.contains(node.getOpType()), "operator " + node.getOpType());
      Assertions.assertFalse(
          node.getOpType().equals("MaxPool") && node.getOutputCount() > 1, "MaxPool's indices");
      boolean axesAsInput = node.getOpType().equals("ReduceSum") && node.getInputCount() > 1;
      Assertions.assertTrue(
          !axesAsInput || graph.initializer(node.getInput(1)) != null, "axes at run time");
      if (node.getName().startsWith("gradient/")) {
        Assertions.assertTrue(GradientRules.WRITTEN.contains(node.getOpType()), node.getName());
        Attributes attributes = new Attributes(node);
        Assertions.assertFalse(attributes.has("output_shape"), node.getName());
        Assertions.assertFalse(attributes.has("output_padding"), node.getName());
        long[] pads = attributes.integers("pads");
        for (long pad : pads == null ? new long[0] : pads) {
          Assertions.assertTrue(pad >= 0, "negative padding");
        }
      }
    }
  }

  public Map<String, float[]> run(Map<String, float[]> inputs, Map<String, long[]> shapes) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (Map.Entry<String, float[]> input : inputs.entrySet()) {
        FloatBuffer values = FloatBuffer.wrap(input.getValue());
        tensors.put(
            input.getKey(),
            OnnxTensor.createTensor(environment, values, shapes.get(input.getKey())));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        Map<String, float[]> outputs = new HashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          outputs.put(output.getKey(), values);
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
