// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.GraphEngine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.Activation;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.InnerOutputs;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.YoloModel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures a model's activation functions on images, one image at a time. Memory does not grow with
 * the number of images. The model is reduced to the nodes that the functions need, and the inputs
 * and outputs of the functions become its outputs. For one thread at a time. Close it when done;
 * the statistics stay readable.
 */
public final class ActivationStudy implements AutoCloseable {
  private final YoloModel model;
  private final List<String> tensors;
  private final List<ActivationStatistics> statistics = new ArrayList<>();
  private final GraphEngine engine;
  private final Lane lane;
  private int images;

  /**
   * Prepares a study.
   *
   * @param onnx the bytes of the model's file
   * @param model the same model, opened
   * @param threads threads for inference, at least 1
   * @throws UnsupportedGraph if the graph has no known activation function
   */
  public ActivationStudy(byte[] onnx, YoloModel model, int threads) {
    this.model = model;
    ModelInfo info = model.info();
    OnnxGraph graph = new OnnxGraph(OnnxFile.read(onnx, info.path()));
    GraphShapes shapes = GraphShapes.of(graph, info.inputHeight(), info.inputWidth());
    List<Activation> found = Activation.of(graph, shapes);
    if (found.isEmpty()) {
      throw new UnsupportedGraph(
          info.path()
              + ": no activation function was found. Known are SiLU (as Sigmoid and Mul), Relu,"
              + " LeakyRelu, HardSwish, HardSigmoid, Sigmoid, Tanh and Clip.");
    }
    Set<String> wanted = new LinkedHashSet<>();
    for (Activation activation : found) {
      wanted.add(activation.input());
      wanted.add(activation.output());
      long[] shape = shapes.shape(activation.output());
      long size = Arrays.stream(shape).skip(1).map(Math::abs).reduce(1, (a, b) -> a * b);
      int channels = (int) Math.abs(shape[1]);
      statistics.add(new ActivationStatistics(activation, channels, (int) (size / channels)));
    }
    this.tensors = List.copyOf(wanted);
    ModelProto cut = InnerOutputs.only(graph, shapes, tensors);
    this.engine = model.engine().open(cut.toByteArray(), "the activations of " + info.path());
    Lane opened = null;
    try {
      String image = graph.inputs().keySet().iterator().next();
      opened =
          engine.lane(
              List.of(port(image, shapes)),
              tensors.stream().map(tensor -> port(tensor, shapes)).toList(),
              threads);
    } finally {
      if (opened == null) {
        engine.close();
      }
    }
    this.lane = opened;
  }

  private static Port port(String tensor, GraphShapes shapes) {
    return new Port(tensor, Arrays.stream(shapes.shape(tensor)).map(Math::abs).toArray());
  }

  /**
   * Adds one image.
   *
   * @param image any image; it is letterboxed as for detection
   * @throws dev.whybox.error.WhyboxException.NonFiniteOutput if the model computes NaN or infinity;
   *     the image is not counted then
   */
  public void add(Image image) {
    ModelInfo info = model.info();
    Letterbox letterbox = info.letterbox(image);
    letterbox.fill(letterbox.content(image), lane.input());
    lane.run();
    Map<String, FloatBuffer> values = new HashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      values.put(tensors.get(i), lane.outputs().get(i));
    }
    // All or nothing: if an image makes NaN, none of its layers may count.
    for (ActivationStatistics each : statistics) {
      Activation activation = each.activation();
      int size = each.channels() * each.positions();
      requireFinite(values.get(activation.input()), size, activation);
      requireFinite(values.get(activation.output()), size, activation);
    }
    for (ActivationStatistics each : statistics) {
      Activation activation = each.activation();
      each.add(values.get(activation.input()), values.get(activation.output()));
    }
    images++;
  }

  private static void requireFinite(FloatBuffer values, int size, Activation activation) {
    for (int i = 0; i < size; i++) {
      if (!Float.isFinite(values.get(i))) {
        throw new NonFiniteOutput(
            "At the activation function "
                + activation.layer()
                + " the model computes "
                + values.get(i)
                + ". Numbers must be finite; check the export (half-precision overflow is a usual"
                + " cause: export with half=False).");
      }
    }
  }

  /**
   * The number of images so far.
   *
   * @return at least 0
   */
  public int images() {
    return images;
  }

  /**
   * The statistics so far.
   *
   * @return one entry per activation function, in the file's order
   */
  public List<ActivationStatistics> statistics() {
    return List.copyOf(statistics);
  }

  /**
   * The model.
   *
   * @return its metadata
   */
  public ModelInfo model() {
    return model.info();
  }

  /**
   * The engine that runs the model.
   *
   * @return name, version, device, precision
   */
  public EngineInfo engine() {
    return engine.info();
  }

  /** Frees the model and the buffers. A second call does nothing. */
  @Override
  public void close() {
    lane.close();
    engine.close();
  }
}
