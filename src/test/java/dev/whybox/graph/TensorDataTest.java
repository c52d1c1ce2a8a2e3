// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Constants in and out of files, in every type. */
class TensorDataTest {

  @Test
  void everyHalfIsItself() {
    double before = -1;
    for (int bits = 0; bits <= 0x7c00; bits++) {
      double value = Half.value((short) bits);
      assertTrue(value > before, "they grow with their bits");
      assertEquals((short) bits, Half.bits(value));
      assertEquals((short) (bits | 0x8000), Half.bits(-value));
      assertEquals(-value, Half.value((short) (bits | 0x8000)));
      if (bits > 0 && bits < 0x7c00) {
        // Half-way numbers go to the even neighbour, all others to the nearest.
        double middle = (before + value) / 2;
        assertEquals((short) (bits % 2 == 0 ? bits : bits - 1), Half.bits(middle));
        assertEquals((short) bits, Half.bits(Math.nextUp(middle)));
        assertEquals((short) (bits - 1), Half.bits(Math.nextDown(middle)));
      }
      before = value;
    }
    assertEquals(1, Half.value((short) 0x3c00));
    assertEquals(65504, Half.value((short) 0x7bff));
    assertEquals(Math.scalb(1.0, -24), Half.value((short) 1));
    assertEquals((short) 0x7c00, Half.bits(65520));
    assertEquals((short) 0x7bff, Half.bits(65519));
    assertTrue(Double.isNaN(Half.value(Half.bits(Double.NaN))));
  }

  @Test
  void everyTypeIsWrittenAndRead() {
    DataType[] types = {
      DataType.FLOAT,
      DataType.DOUBLE,
      DataType.FLOAT16,
      DataType.INT64,
      DataType.INT32,
      DataType.INT16,
      DataType.INT8,
      DataType.UINT8,
      DataType.BOOL
    };
    Random random = new Random(1);
    for (DataType type : types) {
      double[] values = new double[6];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            type == DataType.BOOL ? i % 2 : random.nextInt(type == DataType.UINT8 ? 256 : 127);
      }
      values[0] = type == DataType.BOOL || type == DataType.UINT8 ? 1 : -3;
      TensorData data = TensorData.of(type, new long[] {2, 3}, values);
      TensorData read = TensorData.of(data.toProto("t"));
      assertEquals(type, read.type());
      assertArrayEquals(new long[] {2, 3}, read.shape());
      assertArrayEquals(values, read.values(), type.toString());
    }
    long[] ends = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0};
    assertArrayEquals(ends, TensorData.of(TensorData.longs(ends).toProto("ends")).asLongs());
  }

  @Test
  void theOtherFieldsOfAFileAreRead() {
    TensorProto floats =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(2)
            .addFloatData(0.5f)
            .addFloatData(-2)
            .build();
    assertArrayEquals(new double[] {0.5, -2}, TensorData.of(floats).values());
    TensorProto half =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.FLOAT16_VALUE)
            .addDims(1)
            .addInt32Data(0xc000)
            .build();
    assertArrayEquals(new double[] {-2}, TensorData.of(half).values());
    TensorProto brain =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.BFLOAT16_VALUE)
            .addDims(1)
            .addInt32Data(0x3f80)
            .build();
    assertArrayEquals(new double[] {1}, TensorData.of(brain).values());
    TensorProto tooFew = floats.toBuilder().clearFloatData().addFloatData(1).setName("w").build();
    UnsupportedGraph error = assertThrows(UnsupportedGraph.class, () -> TensorData.of(tooFew));
    assertTrue(error.getMessage().contains("w"), error.getMessage());
  }
}
