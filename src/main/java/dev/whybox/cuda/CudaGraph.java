// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.cuGraphDestroy;
import static org.bytedeco.cuda.global.cudart.cuGraphExecDestroy;
import static org.bytedeco.cuda.global.cudart.cuGraphInstantiate;
import static org.bytedeco.cuda.global.cudart.cuGraphLaunch;

import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;

/** Recorded work of a stream; one call runs it again. */
public final class CudaGraph implements AutoCloseable {
  private final CudaDevice device;
  private final CUgraphExec_st handle;
  private boolean closed;

  private CudaGraph(CudaDevice device, CUgraphExec_st handle) {
    this.device = device;
    this.handle = handle;
  }

  /**
   * Makes the graph executable. If recording failed, frees the recording and throws the failure.
   */
  static CudaGraph of(CudaDevice device, CUgraph_st graph, RuntimeException failure) {
    try {
      if (failure != null) {
        throw failure;
      }
      CUgraphExec_st handle = new CUgraphExec_st();
      check(cuGraphInstantiate(handle, graph, 0), "cuGraphInstantiate");
      return new CudaGraph(device, handle);
    } finally {
      if (!graph.isNull()) {
        cuGraphDestroy(graph);
      }
    }
  }

  /**
   * Runs the work again.
   *
   * @param stream the stream to run it on
   */
  public void replay(CudaStream stream) {
    check(cuGraphLaunch(handle, stream.handle()), "cuGraphLaunch");
  }

  /** Frees the recording. A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.useIfPossible();
      cuGraphExecDestroy(handle);
    }
  }
}
