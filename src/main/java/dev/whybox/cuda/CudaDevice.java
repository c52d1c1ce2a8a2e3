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

import dev.whybox.error.Resources;
import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A GPU and its primary context. The context is shared with everything else in the process that
 * uses the GPU, TensorRT included. Safe to share between threads; each thread calls {@link #use}
 * before its first call.
 */
public final class CudaDevice implements AutoCloseable {
  private static final int NAME_BYTES = 256;

  private final int number;
  private final int handle;
  private final Info info;
  private final CUctx_st context = new CUctx_st();
  private boolean closed;

  /**
   * The properties of a GPU.
   *
   * @param name the product's name
   * @param capability the compute capability, such as 86 for 8.6
   * @param bytes the size of its memory in bytes
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
    } catch (RuntimeException | Error e) {
      Resources.closeAfter(e, this);
      throw e;
    }
  }

  private static int handle(int number) {
    int[] handle = new int[1];
    check(cuDeviceGet(handle, number), "cuDeviceGet of number " + number);
    return handle[0];
  }

  /** Reads a GPU's properties without a context. {@code cuInit} must have been called. */
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
   * @return a number from 0
   */
  public int number() {
    return number;
  }

  /**
   * The GPU's properties.
   *
   * @return name, compute capability, memory
   */
  public Info info() {
    return info;
  }

  /**
   * The part of the GPU's memory that no program uses.
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

  /** Makes this GPU the current one of the calling thread. */
  public void use() {
    check(cuCtxSetCurrent(context), "cuCtxSetCurrent");
  }

  /**
   * Makes this GPU the current one of the calling thread, and ignores errors. It is for code that
   * frees memory, on any thread, even if the GPU is lost.
   */
  public void useIfPossible() {
    cuCtxSetCurrent(context);
  }

  /**
   * Releases the context. Close everything that was made in it before. A second call does nothing.
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      // An error here would come from an earlier call, which has already reported it.
      cuDevicePrimaryCtxRelease(handle);
    }
  }
}
