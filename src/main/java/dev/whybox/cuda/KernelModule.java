// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.cuModuleGetFunction;
import static org.bytedeco.cuda.global.cudart.cuModuleLoadData;
import static org.bytedeco.cuda.global.cudart.cuModuleUnload;

import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.javacpp.BytePointer;

/** Whybox's kernels on a GPU. Their names are those of {@code src/main/cpp/kernels.h}. */
public final class KernelModule implements AutoCloseable {
  private final CudaDevice device;
  private final CUmod_st module = new CUmod_st();
  private boolean closed;

  /**
   * Loads the kernels.
   *
   * @param device the GPU, current on this thread
   * @param binary a fat binary: machine code for several generations of GPUs, and PTX
   */
  public KernelModule(CudaDevice device, byte[] binary) {
    this.device = device;
    // PTX is text and must end with a zero byte; a fat binary ignores it.
    try (BytePointer bytes = new BytePointer(binary.length + 1L)) {
      bytes.zero();
      bytes.put(binary, 0, binary.length);
      check(cuModuleLoadData(module, bytes), "cuModuleLoadData (Whybox's kernels)");
    }
  }

  /**
   * Prepares a launch.
   *
   * @param name the kernel
   * @param grid blocks along x and y, each at least 1
   * @param block threads along x and y, each at least 1
   * @param parameters the kernel's parameters in order; each is a {@link DeviceMemory}, null for no
   *     memory, a Long, an Integer or a Float
   * @return the launch; put it on streams with {@link Launch#on}
   */
  public Launch launch(String name, int[] grid, int[] block, Object... parameters) {
    CUfunc_st function = new CUfunc_st();
    check(cuModuleGetFunction(function, module, name), "cuModuleGetFunction (" + name + ")");
    return new Launch(name, function, grid, block, parameters);
  }

  /** Unloads the kernels. A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.useIfPossible();
      cuModuleUnload(module);
    }
  }
}
