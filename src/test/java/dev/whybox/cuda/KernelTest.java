// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * Runs single kernels on the driver double, for tests that compare them with Java. Threads run in
 * ascending and in descending order, launch by launch, since no result may depend on it.
 */
@Tag("double")
public abstract class KernelTest {
  private final List<DeviceArray> arrays = new ArrayList<>();
  private CudaDevice device;
  private KernelModule kernels;
  private CudaStream stream;
  private long launches;

  @BeforeEach
  void open() {
    DriverDouble.require();
    device = new CudaDevice(0);
    kernels = new KernelModule(device, DriverDouble.kernels());
    stream = new CudaStream(device);
  }

  /** Frees all arrays; fails if a kernel wrote past one. */
  protected final void free() {
    arrays.forEach(DeviceArray::close);
    arrays.clear();
  }

  @AfterEach
  void close() {
    if (device == null) {
      return;
    }
    free();
    stream.close();
    kernels.close();
    device.close();
    device = null;
    assertEquals("", DriverDouble.log());
    assertEquals(0, DriverDouble.count("live"), "leaks");
  }

  /** Copies an array of floats, doubles, longs, ints or shorts to the device. */
  protected final DeviceArray array(Object values) {
    DeviceArray array = DeviceArray.of(device, values);
    arrays.add(array);
    return array;
  }

  /** {@code struct Wave} of kernels.h. */
  protected final DeviceArray wave(long first, long count) {
    return array(new long[] {first, count});
  }

  /** Launches a kernel and waits for it; parameters may be arrays too. */
  protected final void run(String name, int[] grid, int[] block, Object... parameters) {
    DriverDouble.set("DESCENDING", launches++ % 2);
    Object[] plain = parameters.clone();
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] instanceof DeviceArray array) {
        plain[i] = array.parameter();
      }
    }
    try (Launch launch = kernels.launch(name, grid, block, plain)) {
      launch.on(stream);
      stream.await();
    }
  }

  /** Division, rounded up. */
  protected static int ceil(int value, int by) {
    return (value + by - 1) / by;
  }
}
