// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.cuMemAlloc;
import static org.bytedeco.cuda.global.cudart.cuMemFree;
import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoH;
import static org.bytedeco.cuda.global.cudart.cuMemcpyHtoD;
import static org.bytedeco.cuda.global.cudart.cuMemsetD8;
import static org.bytedeco.cuda.global.cudart.cuStreamSynchronize;

import dev.whybox.error.Resources;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.Pointer;

/** A block of memory on a GPU. */
public final class DeviceMemory implements AutoCloseable {
  private final CudaDevice device;
  private final String what;
  private final long address;
  private final long bytes;
  private boolean closed;

  /**
   * Allocates memory.
   *
   * @param device the GPU, current on this thread
   * @param bytes at least 1
   * @param what its purpose, for messages
   */
  public DeviceMemory(CudaDevice device, long bytes, String what) {
    long[] result = new long[1];
    check(cuMemAlloc(result, bytes), "cuMemAlloc of " + bytes + " bytes (" + what + ")");
    this.device = device;
    this.what = what;
    this.address = result[0];
    this.bytes = bytes;
  }

  /**
   * Allocates memory and fills it from the host.
   *
   * @param device the GPU, current on this thread
   * @param source memory of the host, copied from its position to its limit
   * @param what its purpose, for messages
   * @return the new memory
   */
  public static DeviceMemory of(CudaDevice device, Pointer source, String what) {
    long bytes = (source.limit() - source.position()) * source.sizeof();
    DeviceMemory memory = new DeviceMemory(device, bytes, what);
    try {
      check(cuMemcpyHtoD(memory.address, source, bytes), "cuMemcpyHtoD (" + what + ")");
      settle(what);
      return memory;
    } catch (RuntimeException | Error e) {
      Resources.closeAfter(e, memory);
      throw e;
    }
  }

  /**
   * Fills the memory with zeros.
   *
   * @return this
   */
  public DeviceMemory clear() {
    check(cuMemsetD8(address, (byte) 0, bytes), "cuMemsetD8 (" + what + ")");
    settle(what);
    return this;
  }

  /**
   * Waits for the default stream. When a copy from memory that is not pinned returns, its source
   * has been read but the copy may still run, and a fill may not even have begun. The streams of
   * {@link CudaStream} do not wait for the default stream.
   */
  private static void settle(String what) {
    check(cuStreamSynchronize((CUstream_st) null), "cuStreamSynchronize (" + what + ")");
  }

  /**
   * Copies the memory to the host, after all earlier calls on the default stream.
   *
   * @param target receives the whole memory
   */
  public void read(Pointer target) {
    check(cuMemcpyDtoH(target, address, bytes), "cuMemcpyDtoH (" + what + ")");
  }

  /**
   * The address of the memory.
   *
   * @return an address on the GPU
   */
  public long address() {
    return address;
  }

  /**
   * The size of the memory.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  /** Frees the memory. A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.useIfPossible();
      cuMemFree(
          address); // An error here would come from an earlier call, which has already reported it.
    }
  }
}
