// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.error.WhyboxException.MissingLibrary;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.ModelMaker;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model of two outputs: max(x, 0), and the mean of −x over each plane. */
class OrtEngineTest {
  private static final int SIZE = 4;

  /** Sizes of −1 and −2 are free. */
  private static OrtEngine engine(long batch, long size) {
    ModelMaker maker =
        new ModelMaker(17, DataType.FLOAT)
            .input("images", batch, 3, size, size)
            .node("Relu", "positive", List.of("images"))
            .node("Neg", "negative", List.of("images"))
            .node(
                "ReduceMean",
                "mean",
                List.of("negative"),
                Attributes.of("axes", new long[] {2, 3}),
                Attributes.of("keepdims", 0));
    byte[] model =
        maker
            .output("positive", batch, 3, size, size)
            .output("mean", batch, 3)
            .build()
            .toByteArray();
    return new OrtEngine(model, "two outputs", 1);
  }

  private static List<List<Long>> shapes(List<Port> ports) {
    return ports.stream()
        .map(port -> java.util.Arrays.stream(port.shape()).boxed().toList())
        .toList();
  }

  @Test
  void aMissingLibraryHasATypeAndNamesTheFolder() {
    MissingLibrary error =
        assertThrows(
            MissingLibrary.class,
            () ->
                OrtEngine.environment(
                    () -> {
                      throw new ExceptionInInitializerError(new IOException("Permission denied"));
                    }));
    assertTrue(error.getMessage().contains("Permission denied"), error.getMessage());
    assertTrue(
        error.getMessage().contains(System.getProperty("java.io.tmpdir")), error.getMessage());
    assertTrue(error.getMessage().contains("-Djava.io.tmpdir"), error.getMessage());
  }

  @Test
  void messagesAreForUsers() {
    assertEquals(
        "Error code - ORT_FAIL - message: Load model failed: No graph (in it).",
        OrtEngine.plain(
            "Error code - ORT_FAIL - message: Load model failed: /src/core/model.cc:141"
                + " onnxruntime::Model::Model(const f(int)&, g&&) No graph (in it)."));
    for (String plain : new String[] {null, "Plain words.", "x.cc:1", "x.cc:1 f(", "x.cc:1 f(a)"}) {
      assertEquals(plain, OrtEngine.plain(plain));
    }
  }

  @Test
  void allOutputsAreToldInTheFilesOrder() {
    for (long size : new long[] {SIZE, -2}) {
      try (OrtEngine engine = engine(-1, size)) {
        List<Port> outputs = engine.outputs(5, SIZE, SIZE);
        assertEquals(List.of("positive", "mean"), outputs.stream().map(Port::name).toList());
        assertEquals(List.of(List.of(5L, 3L, 4L, 4L), List.of(5L, 3L)), shapes(outputs));
      }
    }
  }

  @Test
  void theSizeOfAFreeInputCounts() {
    try (OrtEngine engine = engine(-1, -2)) {
      assertEquals(List.of(1L, 3L, 2L, 6L), shapes(engine.outputs(1, 2, 6)).get(0));
      assertEquals(List.of(1L, 3L, 8L, 3L), shapes(engine.outputs(1, 8, 3)).get(0));
    }
  }

  @Test
  void aStaticExportsBatchIsTheSmallest() {
    try (OrtEngine fixed = engine(3, SIZE);
        OrtEngine free = engine(-1, SIZE)) {
      assertEquals(3, fixed.smallestBatch());
      assertEquals(1, free.smallestBatch());
    }
  }

  /** The order of the numbers is the order of the buffers; the first one is the lane's output. */
  @Test
  void aLaneHasTheOutputsThatWereAskedFor() {
    try (OrtEngine engine = engine(-1, SIZE)) {
      for (List<Integer> wanted : List.of(List.of(0), List.of(1), List.of(0, 1), List.of(1, 0))) {
        try (Lane lane = engine.lane(2, SIZE, SIZE, wanted, 1)) {
          for (int i = 0; i < lane.input().capacity(); i++) {
            lane.input().put(i, i % 5 - 2);
          }
          lane.run();
          assertEquals(wanted.size(), lane.outputs().size());
          for (int k = 0; k < wanted.size(); k++) {
            float[] found = new float[lane.outputs().get(k).capacity()];
            lane.outputs().get(k).get(0, found);
            assertArrayEquals(wanted.get(k) == 0 ? positive() : mean(), found, 1e-6f);
          }
          assertEquals(lane.outputs().get(0).capacity(), lane.output().capacity());
          assertEquals(lane.outputs().get(0).get(3), lane.output().get(3));
        }
      }
    }
  }

  private static float[] positive() {
    float[] result = new float[2 * 3 * SIZE * SIZE];
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.max(0, i % 5 - 2);
    }
    return result;
  }

  private static float[] mean() {
    float[] result = new float[2 * 3];
    for (int i = 0; i < 2 * 3 * SIZE * SIZE; i++) {
      result[i / (SIZE * SIZE)] -= (i % 5 - 2) / (float) (SIZE * SIZE);
    }
    return result;
  }
}
