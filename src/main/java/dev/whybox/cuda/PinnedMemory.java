// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.cuMemFreeHost;
import static org.bytedeco.cuda.global.cudart.cuMemHostAlloc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;

/** Pinned memory of the host: the GPU copies from and to it without the CPU. */
public final class PinnedMemory implements AutoCloseable {
  private final CudaDevice device;
  private final BytePointer pointer = new BytePointer();
  private boolean closed;

  /**
   * Allocates memory filled with zeros.
   *
   * @param device the GPU, current on this thread
   * @param bytes at least 1
   * @param what its purpose, for messages
   */
  public PinnedMemory(CudaDevice device, long bytes, String what) {
    check(
        cuMemHostAlloc(pointer, bytes, 0), "cuMemHostAlloc of " + bytes + " bytes (" + what + ")");
    this.device = device;
    pointer.capacity(bytes).zero();
  }

  /**
   * The memory.
   *
   * @return a view in the machine's byte order; do not use it after {@link #close}
   */
  public ByteBuffer buffer() {
    return pointer.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  BytePointer pointer() {
    return pointer;
  }

  /** Frees the memory. A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.useIfPossible();
      cuMemFreeHost(pointer);
    }
  }
}
