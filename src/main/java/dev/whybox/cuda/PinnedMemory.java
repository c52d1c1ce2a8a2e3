// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.cuMemFreeHost;
import static org.bytedeco.cuda.global.cudart.cuMemHostAlloc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;

/** Memory of the host that the GPU copies from and to by itself. */
public final class PinnedMemory implements AutoCloseable {
  private final CudaDevice device;
  private final BytePointer pointer = new BytePointer();
  private boolean closed;

  /**
   * Allocates memory, all zeros.
   *
   * @param device the GPU, in use on this thread
   * @param bytes at least 1
   * @param what what it is for, in messages
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
   * @return a view in the machine's byte order; not to be used after {@link #close}
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
