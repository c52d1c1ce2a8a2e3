// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.cuLaunchHostFunc;

import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.Lane;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.cuda.cudart.CUhostFn;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Stands in for TensorRT on the driver double: an engine of the CPU, called by the stream when it
 * gets there, which reads and writes the "device" memory.
 */
public final class HostFunctionEngine implements DeviceEngine {
  private final Engine engine;
  private final int batch;
  private final int height;
  private final int width;

  /** Lanes that are open now. */
  public final AtomicInteger openLanes = new AtomicInteger();

  public HostFunctionEngine(Engine engine, int batch, int height, int width) {
    this.engine = engine;
    this.batch = batch;
    this.height = height;
    this.width = width;
  }

  @Override
  public EngineInfo info() {
    return new EngineInfo("double", "1", "cuda:0", "fp32");
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public DeviceLane lane() {
    Lane lane = engine.lane(batch, height, width, 1);
    openLanes.incrementAndGet();
    return new HostLane(lane);
  }

  @Override
  public void close() {}

  /** Memory of the double is memory of the host. */
  private static final class At extends FloatPointer {
    At(DeviceMemory memory) {
      super((Pointer) null);
      address = memory.address();
      capacity = memory.bytes() / 4;
      limit = capacity;
    }
  }

  private final class HostLane implements DeviceLane {
    private final Lane lane;
    private CUhostFn function;
    private boolean closed;

    HostLane(Lane lane) {
      this.lane = lane;
    }

    @Override
    public void enqueue(CudaStream stream, DeviceMemory input, DeviceMemory output) {
      At from = new At(input);
      At to = new At(output);
      if (function == null) {
        function =
            new CUhostFn() {
              @Override
              public void call(Pointer data) {
                lane.input().put(0, from.asBuffer(), 0, lane.input().capacity());
                lane.run();
                to.asBuffer().put(0, lane.output(), 0, lane.output().capacity());
              }
            };
      }
      check(cuLaunchHostFunc(stream.handle(), function, null), "cuLaunchHostFunc");
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        if (function != null) {
          function.close(); // JavaCPP has room for ten.
        }
        lane.close();
        openLanes.decrementAndGet();
      }
    }
  }
}
