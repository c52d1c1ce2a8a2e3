// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static dev.whybox.cuda.Driver.check;
import static org.bytedeco.cuda.global.cudart.cuLaunchHostFunc;

import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.GraphEngine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.bytedeco.cuda.cudart.CUhostFn;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Replaces TensorRT on the driver double. An engine of the CPU reads and writes the "device"
 * memory; the stream calls it when it reaches this work.
 */
public final class HostFunctionEngine implements DeviceEngine {
  private final GraphEngine engine;
  private final int batch;
  private final IntFunction<List<Port>> inputs;
  private final IntFunction<List<Port>> outputs;
  private final IntFunction<Lane> lanes;
  private final boolean owned;

  /** The batches of the opened lanes. */
  public final Set<Integer> batches = ConcurrentHashMap.newKeySet();

  /** Lanes that are open now. */
  public final AtomicInteger openLanes;

  /** Runs a detector; it is not closed here. */
  public HostFunctionEngine(Engine engine, int batch, int height, int width) {
    this.engine = engine;
    this.batch = batch;
    this.inputs = n -> List.of(new Port("images", new long[] {n, 3, height, width}));
    this.outputs = n -> engine.outputs(n, height, width).subList(0, 1);
    this.lanes = n -> engine.lane(n, height, width, 1);
    this.owned = false;
    this.openLanes = new AtomicInteger();
  }

  /** Runs a graph for one image per run; it is closed here. */
  public HostFunctionEngine(
      GraphEngine engine, List<Port> inputs, List<Port> outputs, AtomicInteger openLanes) {
    this.engine = engine;
    this.batch = 1;
    this.inputs = n -> inputs;
    this.outputs = n -> outputs;
    this.lanes = n -> engine.lane(inputs, outputs, 1);
    this.owned = true;
    this.openLanes = openLanes;
  }

  @Override
  public EngineInfo info() {
    return new EngineInfo("double", "1", "cuda:0", engine.info().precision());
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public List<Port> inputs(int images) {
    return inputs.apply(images);
  }

  @Override
  public List<Port> outputs(int images) {
    return outputs.apply(images);
  }

  @Override
  public DeviceLane lane(int images) {
    Lane lane = lanes.apply(images);
    openLanes.incrementAndGet();
    batches.add(images);
    return new HostLane(lane);
  }

  @Override
  public void close() {
    if (owned) {
      engine.close();
    }
  }

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
    public void enqueue(CudaStream stream, List<DeviceMemory> ins, List<DeviceMemory> outs) {
      List<At> from = ins.stream().map(At::new).toList();
      List<At> to = outs.stream().map(At::new).toList();
      if (function == null) {
        function =
            new CUhostFn() {
              @Override
              public void call(Pointer data) {
                for (int i = 0; i < from.size(); i++) {
                  var buffer = lane.inputs().get(i);
                  buffer.put(0, from.get(i).asBuffer(), 0, buffer.capacity());
                }
                lane.run();
                for (int i = 0; i < to.size(); i++) {
                  var buffer = lane.outputs().get(i);
                  to.get(i).asBuffer().put(0, buffer, 0, buffer.capacity());
                }
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
