// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;

/**
 * An array in the double's memory between two canaries. A write beside the array is found; a read
 * beside it gives NaN.
 */
public final class DeviceArray implements AutoCloseable {
  /** A multiple of 16 bytes, since arrays of pixels start at one. */
  private static final int CANARY = 64;

  private static final byte CANARY_BYTE = (byte) 0xff;

  private final DeviceMemory memory;
  private final int bytes;

  private DeviceArray(CudaDevice device, ByteBuffer content) {
    this.bytes = content.capacity();
    byte[] all = new byte[CANARY + bytes + CANARY];
    java.util.Arrays.fill(all, CANARY_BYTE);
    content.get(0, all, CANARY, bytes);
    try (BytePointer source = new BytePointer(all)) {
      this.memory = DeviceMemory.of(device, source, "a test's array");
    }
  }

  static DeviceArray of(CudaDevice device, Object array) {
    if (array instanceof float[] values) {
      ByteBuffer content = buffer(4 * values.length);
      content.asFloatBuffer().put(values);
      return new DeviceArray(device, content);
    }
    if (array instanceof double[] values) {
      ByteBuffer content = buffer(8 * values.length);
      content.asDoubleBuffer().put(values);
      return new DeviceArray(device, content);
    }
    if (array instanceof long[] values) {
      ByteBuffer content = buffer(8 * values.length);
      content.asLongBuffer().put(values);
      return new DeviceArray(device, content);
    }
    if (array instanceof int[] values) {
      ByteBuffer content = buffer(4 * values.length);
      content.asIntBuffer().put(values);
      return new DeviceArray(device, content);
    }
    short[] values = (short[]) array;
    ByteBuffer content = buffer(2 * values.length);
    content.asShortBuffer().put(values);
    return new DeviceArray(device, content);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  /** The address of the first element, as a kernel's parameter. */
  Long parameter() {
    return memory.address() + CANARY;
  }

  /** The array's content; fails if a canary was overwritten. */
  private ByteBuffer read() {
    byte[] all = new byte[CANARY + bytes + CANARY];
    try (BytePointer target = new BytePointer(all.length)) {
      memory.read(target);
      target.get(all);
    }
    for (int i = 0; i < CANARY; i++) {
      assertEquals(CANARY_BYTE, all[i], "written before an array");
      assertEquals(CANARY_BYTE, all[CANARY + bytes + i], "written past an array");
    }
    return buffer(bytes).put(0, all, CANARY, bytes);
  }

  public float[] floats() {
    float[] result = new float[bytes / 4];
    read().asFloatBuffer().get(result);
    return result;
  }

  public double[] doubles() {
    double[] result = new double[bytes / 8];
    read().asDoubleBuffer().get(result);
    return result;
  }

  public long[] longs() {
    long[] result = new long[bytes / 8];
    read().asLongBuffer().get(result);
    return result;
  }

  public short[] shorts() {
    short[] result = new short[bytes / 2];
    read().asShortBuffer().get(result);
    return result;
  }

  /** Checks the canaries and frees the array. */
  @Override
  public void close() {
    try {
      read();
    } finally {
      memory.close();
    }
  }
}
