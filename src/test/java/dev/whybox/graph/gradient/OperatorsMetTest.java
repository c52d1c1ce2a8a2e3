// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operators of real models: which have a rule, and that the documentation lists them. */
class OperatorsMetTest {
  private static final Path BASE = Path.of(System.getProperty("whybox.base", "."));

  /** Through these no gradient flows, since they know no data. */
  private static final Set<String> WITHOUT_DATA = Set.of("Constant", "Range", "Shape");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yolov8n",
        "yolov8n-seg",
        "yolov8n-pose",
        "yolov8n-obb",
        "yolov8n-cls",
        "yolov8n-dynamic-int8",
        "yolo11n-320"
      })
  void everyOperatorHasARuleAndIsListed(String name) throws IOException {
    Set<String> without =
        check(OrtRun.read(SharedFiles.require("models/" + name + ".onnx").path()));
    assertEquals(
        name.endsWith("int8") ? Set.of("ConvInteger", "DynamicQuantizeLinear") : Set.of(), without);
  }

  @Test
  void theBundledModelsToo() throws IOException {
    assertEquals(Set.of(), check(OrtRun.read(BASE.resolve("models/whybox-n.onnx"))));
  }

  private static Set<String> check(ModelProto model) throws IOException {
    String table = Files.readString(BASE.resolve("docs/gradients.md"));
    Set<String> without = new TreeSet<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      assertTrue(table.contains("`" + node.getOpType() + "`"), node.getOpType());
      if (GradientRules.of(node) == null && !WITHOUT_DATA.contains(node.getOpType())) {
        without.add(node.getOpType());
      }
    }
    return without;
  }
}
