// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.adapt.Adapter;
import dev.whybox.blackbox.Explainer;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.engine.Turns;
import dev.whybox.evaluate.CpuBackend;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.report.Report;
import dev.whybox.whitebox.GradientExplainer;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.DetectorPool;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SHAP asks the gradient where to begin; where there is none, it goes on without. */
class OptionalHintTest {
  private static final Turns TURNS = new Turns();
  private static final Image IMAGE = Image.read(Samples.all().get(0).image());

  @Test
  void aFailedHintIsNoFailure() throws IOException {
    byte[] onnx = Whybox.bundledModel();
    try (CpuBackend cpu =
            new CpuBackend(Adapter.open(onnx, "bundled", 2, 0, "", ""), "bundled", 2, 0, 0);
        DetectorPool detections = new DetectorPool(cpu.model(), 2, TURNS);
        GradientExplainer good = new GradientExplainer(onnx, cpu.model(), 2, false, TURNS);
        GradientExplainer broken =
            new GradientExplainer(new byte[9], cpu.model(), 2, false, TURNS)) {
      Detection detection = detections.detect(IMAGE, 0.1f, 0.7f).get(0);
      List<Target> targets = List.of(Target.of(detection));
      Explanation helped = explain(cpu, good, targets).get(0).get(0);
      assertNull(helped.estimation().orElseThrow().hintFailure());
      List<List<Explanation>> found = explain(cpu, broken, targets);
      for (List<Explanation> one : found) {
        String reason = one.get(0).estimation().orElseThrow().hintFailure();
        assertNotNull(reason);
        assertTrue(reason.contains("not an ONNX model"), reason);
      }
      Explanation alone = found.get(0).get(0);
      assertEquals(64, alone.samples());
      assertEquals(66, alone.forwards());
      assertEquals(67, helped.forwards());
      assertTrue(estimation(alone).get("hintFailure").asText().contains("not an ONNX model"));
      assertNull(estimation(helped).get("hintFailure"));
    }
  }

  private static List<List<Explanation>> explain(
      CpuBackend cpu, GradientExplainer hinting, List<Target> targets) {
    MethodRunner runner =
        new MethodRunner(
            cpu.model(),
            cpu.info(),
            new Explainer(
                cpu.model(),
                cpu.evaluators(),
                2,
                TURNS,
                (image, confidence) -> new DetectorPool.Known(List.of(), 0)),
            hinting,
            hinting,
            () -> false);
    return runner.explain(
        IMAGE,
        targets,
        new Shap(),
        List.of(new Lime()),
        Budget.DEFAULT.withSamples(64),
        ProgressListener.NONE);
  }

  private static JsonNode estimation(Explanation why) throws IOException {
    String json =
        new Report(
                why.image(),
                why.model(),
                why.engine(),
                List.of(),
                List.of(new Report.Entry(0, why, null, null, null)))
            .json();
    return new ObjectMapper().readTree(json).get("explanations").get(0).get("estimation");
  }
}
