// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.graph.Dims;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.Interpreter;
import dev.whybox.graph.ModelMaker;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Simplification;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * One small graph whose gradient is checked: against central differences in double precision, and
 * the same graph in float32 on ONNX Runtime against that.
 *
 * @param name for the report
 * @param opset the operator set
 * @param inputs the sizes of x0, x1, …; −1 for the batch
 * @param low the least value of an input; they spread over 2
 * @param graph adds nodes that make the tensor {@code y}
 * @param mixes whether the batch becomes another axis, or a part of one, so that there can't be
 *     more cotangents than images
 */
public record GradientCase(
    String name,
    int opset,
    List<long[]> inputs,
    double low,
    Consumer<ModelMaker> graph,
    boolean mixes) {
  private static final int BATCH = 4;
  private static final int ROWS = 3;
  private static final double STEP = 1e-5;

  public static GradientCase of(
      String name, int opset, Consumer<ModelMaker> graph, long[]... inputs) {
    return new GradientCase(name, opset, List.of(inputs), -1, graph, false);
  }

  /** The same case, of a graph that moves the batch. */
  public GradientCase mixing() {
    return new GradientCase(name, opset, inputs, low, graph, true);
  }

  @Override
  public String toString() {
    return name + " (" + opset + ")";
  }

  private OnnxGraph forward(DataType type) {
    ModelMaker maker = new ModelMaker(opset, type);
    for (int i = 0; i < inputs.size(); i++) {
      maker.input("x" + i, inputs.get(i));
    }
    graph.accept(maker);
    return new OnnxGraph(maker.build());
  }

  private GraphShapes shapes(OnnxGraph forward) {
    Map<String, long[]> sizes = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      sizes.put("x" + i, inputs.get(i));
    }
    return GraphShapes.of(forward, sizes);
  }

  private GradientGraph made(DataType type) {
    OnnxGraph forward = forward(type);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      names.add("x" + i);
    }
    return Gradient.of(forward, shapes(forward), "y", names);
  }

  private static long[] sized(long[] shape, int batch) {
    long[] result = shape.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = result[i] < 0 ? -result[i] * batch : result[i];
    }
    return result;
  }

  public void check() {
    checkBatch();
    OnnxGraph forward = forward(DataType.DOUBLE);
    boolean apart = inputs.stream().allMatch(shape -> shape.length > 0 && shape[0] == -1) && !mixes;
    assertEquals(apart, Gradient.takesRows(forward, shapes(forward), List.of("y")), name);
    if (apart) {
      checkRows();
    }
  }

  /** One image and several cotangents: each row of the gradients is that of its own cotangent. */
  private void checkRows() {
    GradientGraph made = made(DataType.DOUBLE);
    Random random = new Random(name.hashCode());
    Map<String, TensorData> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put("x" + i, random(random, low, sized(inputs.get(i), 1)));
    }
    TensorData cotangents = random(random, -1, sized(made.targetShape(), ROWS));
    values.put(made.cotangent(), cotangents);
    Map<String, TensorData> out = Interpreter.run(made.model(), values);
    int size = cotangents.values().length / ROWS;
    double largest = 0;
    for (int row = 0; row < ROWS; row++) {
      double[] own = Arrays.copyOfRange(cotangents.values(), row * size, (row + 1) * size);
      TensorData cotangent = TensorData.of(DataType.DOUBLE, sized(made.targetShape(), 1), own);
      for (int i = 0; i < inputs.size(); i++) {
        TensorData x = values.get("x" + i);
        TensorData found = out.get(made.gradients().get("x" + i));
        int count = x.values().length;
        assertEquals(ROWS * count, found.values().length, name);
        for (int at = 0; at < count; at++) {
          double expected = difference(made, values, cotangent, x, at);
          largest = Math.max(largest, Math.abs(expected));
          assertEquals(
              expected,
              found.values()[row * count + at],
              1e-7 + 1e-7 * Math.abs(expected),
              name + ": row " + row + " of x" + i + "[" + at + "]");
        }
      }
    }
    assertTrue(largest > 1e-3, name + ": no gradient to compare");
    compareWithOnnxRuntime(values, out, made);
  }

  private void checkBatch() {
    GradientGraph made = made(DataType.DOUBLE);
    Random random = new Random(name.hashCode());
    Map<String, TensorData> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put("x" + i, random(random, low, sized(inputs.get(i), BATCH)));
    }
    TensorData cotangent = random(random, -1, sized(made.targetShape(), BATCH));
    values.put(made.cotangent(), cotangent);
    Map<String, TensorData> out = Interpreter.run(made.model(), values);
    double largest = 0;
    for (int i = 0; i < inputs.size(); i++) {
      TensorData x = values.get("x" + i);
      TensorData found = out.get(made.gradients().get("x" + i));
      assertEquals(x.values().length, found.values().length, name);
      for (int at = 0; at < x.values().length; at++) {
        double expected = difference(made, values, cotangent, x, at);
        double value = found.values()[at];
        largest = Math.max(largest, Math.abs(expected));
        assertEquals(
            expected, value, 1e-7 + 1e-7 * Math.abs(expected), name + ": x" + i + "[" + at + "]");
      }
    }
    assertTrue(largest > 1e-3, name + ": no gradient to compare");
    compareWithOnnxRuntime(values, out, made);
  }

  private static TensorData random(Random random, double low, long[] shape) {
    double[] values = new double[(int) Dims.count(shape)];
    for (int i = 0; i < values.length; i++) {
      // Exact in float32, so that both runs see the same numbers.
      values[i] = (float) (low + 2 * random.nextDouble());
    }
    return TensorData.of(DataType.DOUBLE, shape, values);
  }

  private static double difference(
      GradientGraph made,
      Map<String, TensorData> values,
      TensorData cotangent,
      TensorData x,
      int at) {
    double before = x.values()[at];
    x.values()[at] = before + STEP;
    double up = weighed(made, values, cotangent);
    x.values()[at] = before - STEP;
    double down = weighed(made, values, cotangent);
    x.values()[at] = before;
    return (up - down) / (2 * STEP);
  }

  private static double weighed(
      GradientGraph made, Map<String, TensorData> values, TensorData cotangent) {
    TensorData y = Interpreter.run(forward(made), values).get("y");
    double sum = 0;
    for (int i = 0; i < y.values().length; i++) {
      sum += y.values()[i] * cotangent.values()[i];
    }
    return sum;
  }

  /** The forward part alone. */
  private static ModelProto forward(GradientGraph made) {
    ModelProto.Builder model = made.model().toBuilder();
    for (int i = model.getGraph().getOutputCount() - 1; i > 0; i--) {
      model.getGraphBuilder().removeOutput(i);
    }
    return Simplification.pruned(model.build());
  }

  private void compareWithOnnxRuntime(
      Map<String, TensorData> values, Map<String, TensorData> expected, GradientGraph exact) {
    GradientGraph made = made(DataType.FLOAT);
    OrtRun.assertRunsAnywhere(made.model());
    Map<String, float[]> in = new HashMap<>();
    Map<String, long[]> shapes = new HashMap<>();
    values.forEach(
        (key, value) -> {
          float[] floats = new float[value.values().length];
          for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) value.values()[i];
          }
          in.put(key, floats);
          shapes.put(key, value.shape());
        });
    try (OrtRun run = new OrtRun(made.model())) {
      Map<String, float[]> found = run.run(in, shapes);
      List<String> names = new ArrayList<>(made.gradients().values());
      names.addAll(made.values().values());
      for (String output : names) {
        double[] wanted = expected.get(output).values();
        assertEquals(wanted.length, found.get(output).length, name + " " + output);
        for (int i = 0; i < wanted.length; i++) {
          assertEquals(
              wanted[i],
              found.get(output)[i],
              2e-5 + 2e-5 * Math.abs(wanted[i]),
              name + ": ONNX Runtime, " + output + "[" + i + "]");
        }
      }
    }
    assertEquals(exact.gradients(), made.gradients());
  }
}
