// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.cuLaunchKernel;

import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** A kernel with its parameters. For one thread at a time. */
public final class Launch implements AutoCloseable {
  private final String name;
  private final CUfunc_st function;
  private final int[] grid;
  private final int[] block;
  private final LongPointer values;
  private final PointerPointer<Pointer> places;

  Launch(String name, CUfunc_st function, int[] grid, int[] block, Object[] parameters) {
    this.name = name;
    this.function = function;
    this.grid = grid.clone();
    this.block = block.clone();
    this.values = new LongPointer(parameters.length);
    // A null at the end lets a debugger, or a double of the driver, see the number of parameters.
    this.places = new PointerPointer<>(parameters.length + 1L);
    for (int i = 0; i < parameters.length; i++) {
      values.put(i, bits(parameters[i]));
      places.put(i, values.getPointer(i));
    }
    places.put(parameters.length, (Pointer) null);
  }

  /** The bits of a parameter in the lowest bytes. GPUs and their hosts are little-endian. */
  private static long bits(Object parameter) {
    if (parameter == null) {
      return 0;
    }
    if (parameter instanceof DeviceMemory memory) {
      return memory.address();
    }
    if (parameter instanceof Float value) {
      return Integer.toUnsignedLong(Float.floatToRawIntBits(value));
    }
    if (parameter instanceof Integer value) {
      return Integer.toUnsignedLong(value);
    }
    if (parameter instanceof Long value) {
      return value;
    }
    throw new IllegalArgumentException("no kernel parameter: " + parameter.getClass());
  }

  /**
   * Puts the kernel on a stream.
   *
   * @param stream the stream
   */
  public void on(CudaStream stream) {
    check(
        cuLaunchKernel(
            function,
            grid[0],
            grid[1],
            1,
            block[0],
            block[1],
            1,
            0,
            stream.handle(),
            places,
            (PointerPointer<?>) null),
        "the kernel " + name + " (cuLaunchKernel)");
  }

  /** Frees the parameters on the host. A second call does nothing. */
  @Override
  public void close() {
    places.close();
    values.close();
  }
}
