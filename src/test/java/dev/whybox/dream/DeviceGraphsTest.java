// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.SharedFiles;
import dev.whybox.Whybox;
import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.GraphEngine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.OrtEngine;
import dev.whybox.engine.Port;
import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.GradientModels.Key;
import dev.whybox.gradient.ModelGraph;
import dev.whybox.tensorrt.DeviceModel;
import dev.whybox.yolo.YoloModel;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TensorRT's parser accepts every graph that white-box methods and dreams open. The engine of this
 * test opens graphs as a GPU does: {@link DeviceModel} checks their operators.
 */
class DeviceGraphsTest {
  /** An engine that opens graphs as the GPU does, and runs none. */
  private static final class Checking implements Engine {
    private final Engine described;
    private final List<DeviceModel> taken = new ArrayList<>();

    Checking(Engine described) {
      this.described = described;
    }

    @Override
    public GraphEngine open(byte[] model, String name) {
      taken.add(DeviceModel.of(model, name));
      return this;
    }

    @Override
    public EngineInfo info() {
      return described.info();
    }

    @Override
    public Map<String, String> metadata() {
      return described.metadata();
    }

    @Override
    public long[] inputShape() {
      return described.inputShape();
    }

    @Override
    public List<Port> outputs(int batch, int height, int width) {
      return described.outputs(batch, height, width);
    }

    @Override
    public Lane lane(int batch, int height, int width, List<Integer> outputs, int threads) {
      throw new AssertionError("nothing is run here");
    }

    @Override
    public Lane lane(List<Port> inputs, List<Port> outputs, int threads) {
      throw new AssertionError("nothing is run here");
    }

    @Override
    public void close() {}
  }

  /**
   * The graphs that methods and dreams need; see {@code GradientExplainer} and {@code
   * DreamObjective}.
   */
  private static Set<Key> keys(ModelGraph graph, YoloModel model, int scales) {
    Set<Key> keys = new LinkedHashSet<>();
    List<String> image = List.of(graph.image());
    int finest = model.info().inputHeight() / 8 * (model.info().inputWidth() / 8);
    int[] firstAnchors = {0, finest, finest + finest / 4};
    for (int anchor : Arrays.copyOf(firstAnchors, scales)) {
      String logit = graph.logit(0, anchor).tensor();
      keys.add(new Key(logit, image, false));
      keys.add(new Key(logit, image, true));
      keys.add(new Key(logit, graph.layers(List.of(), graph.logit(0, anchor)), false));
    }
    keys.add(new Key(graph.joinedLogit(0, 0).tensor(), image, false));
    keys.add(new Key(graph.coordinate(0, 0).tensor(), image, false));
    keys.add(new Key(graph.map("model.9"), image, false));
    return keys;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bundled", "yolov8n", "yolo11n-320", "yolov8n-seg", "yolov8n-pose"})
  void everyGradientIsTaken(String name) throws IOException {
    byte[] onnx =
        name.equals("bundled")
            ? Whybox.bundledModel()
            : Files.readAllBytes(SharedFiles.require("models/" + name + ".onnx").path());
    // Writing a graph takes a while, and the scales of a model differ in little.
    int scales = name.equals("bundled") ? 3 : 1;
    try (OrtEngine engine = new OrtEngine(onnx, name, 1)) {
      for (boolean half : new boolean[] {false, true}) {
        Checking checking = new Checking(engine);
        YoloModel model = new YoloModel(checking, name, "", 0);
        GradientModels models = new GradientModels(onnx, model, half);
        Set<Key> keys = keys(models.graph(), model, scales);
        assertTrue(keys.size() >= 3 * scales + 2, "each scale has tensors of its own: " + keys);
        for (Key key : keys) {
          models.release(models.acquire(key));
        }
        assertEquals(keys.size(), checking.taken.size());
        String precision = half || engine.info().precision().equals("fp16") ? "fp16" : "fp32";
        checking.taken.forEach(graph -> assertEquals(precision, graph.precision(), graph.name()));
      }
    }
  }
}
