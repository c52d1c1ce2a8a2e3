// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static org.bytedeco.cuda.global.cudart.cuCtxSetCurrent;
import static org.bytedeco.cuda.global.cudart.cuDeviceGet;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetAttribute;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetName;
import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRelease;
import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRetain;
import static org.bytedeco.cuda.global.cudart.cuDeviceTotalMem;
import static org.bytedeco.cuda.global.cudart.cuInit;
import static org.bytedeco.cuda.global.cudart.cuMemGetInfo;

import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A GPU and its primary context, which is shared with everything else in the process that uses the
 * GPU, TensorRT too. Safe to share between threads; each calls {@link #use} before its first call.
 */
public final class CudaDevice implements AutoCloseable {
  private static final int NAME_BYTES = 256;

  private final int number;
  private final int handle;
  private final Info info;
  private final CUctx_st context = new CUctx_st();
  private boolean closed;

  /**
   * What a GPU says of itself.
   *
   * @param name the product's name
   * @param capability compute capability, such as 86 for 8.6
   * @param bytes its memory in bytes
   */
  public record Info(String name, int capability, long bytes) {
    @Override
    public String toString() {
      return "%s (sm_%d, %.1f GiB)".formatted(name, capability, bytes / 0x1p30);
    }
  }

  /**
   * Opens a GPU.
   *
   * @param number its number, from 0
   */
  public CudaDevice(int number) {
    this.number = number;
    check(cuInit(0), "cuInit");
    this.handle = handle(number);
    this.info = info(handle);
    check(cuDevicePrimaryCtxRetain(context, handle), "cuDevicePrimaryCtxRetain");
    try {
      use();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int handle(int number) {
    int[] handle = new int[1];
    check(cuDeviceGet(handle, number), "cuDeviceGet of number " + number);
    return handle[0];
  }

  /** Asks about a GPU without a context; {@code cuInit} came before. */
  static Info about(int number) {
    return info(handle(number));
  }

  private static Info info(int handle) {
    byte[] name = new byte[NAME_BYTES];
    check(cuDeviceGetName(name, name.length, handle), "cuDeviceGetName");
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    int capability =
        10 * attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, handle)
            + attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, handle);
    try (SizeTPointer bytes = new SizeTPointer(1)) {
      check(cuDeviceTotalMem(bytes, handle), "cuDeviceTotalMem");
      return new Info(new String(name, 0, end, StandardCharsets.UTF_8), capability, bytes.get());
    }
  }

  private static int attribute(int which, int handle) {
    int[] value = new int[1];
    check(cuDeviceGetAttribute(value, which, handle), "cuDeviceGetAttribute");
    return value[0];
  }

  /**
   * The GPU's number.
   *
   * @return from 0
   */
  public int number() {
    return number;
  }

  /**
   * What the GPU says of itself.
   *
   * @return name, compute capability, memory
   */
  public Info info() {
    return info;
  }

  /**
   * How much of the GPU's memory nobody uses, other programs included.
   *
   * @return bytes
   */
  public long freeBytes() {
    use();
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer total = new SizeTPointer(1)) {
      check(cuMemGetInfo(free, total), "cuMemGetInfo");
      return free.get();
    }
  }

  /** Makes the GPU the one that this thread's calls mean. */
  public void use() {
    check(cuCtxSetCurrent(context), "cuCtxSetCurrent");
  }

  /**
   * Makes the GPU this thread's where that is possible: for those who free what they have, on
   * whatever thread, even where the GPU is lost.
   */
  public void useIfPossible() {
    cuCtxSetCurrent(context);
  }

  /** Gives the context back, after everything that was made in it. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      // An error here would be an earlier call's, which has been told already.
      cuDevicePrimaryCtxRelease(handle);
    }
  }
}
