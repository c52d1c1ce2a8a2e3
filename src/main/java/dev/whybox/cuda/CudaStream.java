// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_NON_BLOCKING;
import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoHAsync;
import static org.bytedeco.cuda.global.cudart.cuMemcpyHtoDAsync;
import static org.bytedeco.cuda.global.cudart.cuStreamBeginCapture;
import static org.bytedeco.cuda.global.cudart.cuStreamCreate;
import static org.bytedeco.cuda.global.cudart.cuStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cuStreamEndCapture;
import static org.bytedeco.cuda.global.cudart.cuStreamSynchronize;

import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;

/**
 * A queue of work for a GPU. Its work runs in order, and independently of other streams. For one
 * thread at a time.
 */
public final class CudaStream implements AutoCloseable {
  private final CudaDevice device;
  private final CUstream_st handle = new CUstream_st();
  private boolean closed;

  /**
   * Makes a stream.
   *
   * @param device the GPU, current on this thread
   */
  public CudaStream(CudaDevice device) {
    this.device = device;
    check(cuStreamCreate(handle, CU_STREAM_NON_BLOCKING), "cuStreamCreate");
  }

  /**
   * The driver's handle of the stream.
   *
   * @return valid until {@link #close}
   */
  public CUstream_st handle() {
    return handle;
  }

  /**
   * Copies from the host to the GPU. The copy runs when the stream reaches it.
   *
   * @param source memory of the host; do not change it before the copy has run
   * @param target memory of the GPU
   * @param bytes the number of bytes, from the start of both
   */
  public void upload(PinnedMemory source, DeviceMemory target, long bytes) {
    check(
        cuMemcpyHtoDAsync(target.address(), source.pointer(), bytes, handle), "cuMemcpyHtoDAsync");
  }

  /**
   * Copies from the GPU to the host. The data are there after {@link #await}.
   *
   * @param source memory of the GPU
   * @param target memory of the host
   * @param bytes the number of bytes, from the start of both
   */
  public void download(DeviceMemory source, PinnedMemory target, long bytes) {
    check(
        cuMemcpyDtoHAsync(target.pointer(), source.address(), bytes, handle), "cuMemcpyDtoHAsync");
  }

  /** Waits until all work is done, and throws if any of it failed. */
  public void await() {
    check(cuStreamSynchronize(handle), "the work on the GPU (cuStreamSynchronize)");
  }

  /**
   * Records work instead of running it.
   *
   * @param work puts calls on this stream; it must neither allocate nor wait
   * @return the recorded work
   */
  public CudaGraph capture(Runnable work) {
    check(
        cuStreamBeginCapture(handle, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL), "cuStreamBeginCapture");
    CUgraph_st graph = new CUgraph_st();
    RuntimeException failure = null;
    try {
      work.run();
    } catch (RuntimeException e) {
      failure = e;
    }
    // The recording is ended in any case: a stream that still records can be neither used nor
    // destroyed.
    int code = cuStreamEndCapture(handle, graph);
    if (failure == null) {
      check(code, "cuStreamEndCapture");
    }
    return CudaGraph.of(device, graph, failure);
  }

  /** Waits for the work and destroys the stream. A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.useIfPossible();
      cuStreamSynchronize(handle);
      cuStreamDestroy(handle);
    }
  }
}
