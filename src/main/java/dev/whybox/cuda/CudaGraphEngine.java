// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.GraphEngine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import java.util.List;

/** A graph on a GPU that reads and writes buffers of the host. */
final class CudaGraphEngine implements GraphEngine {
  private final CudaDevice device;
  private final DeviceEngine engine;

  /** Takes ownership of the engine. */
  CudaGraphEngine(CudaDevice device, DeviceEngine engine) {
    this.device = device;
    this.engine = engine;
  }

  @Override
  public EngineInfo info() {
    return engine.info();
  }

  @Override
  public Lane lane(List<Port> inputs, List<Port> outputs, int threads) {
    return new CudaLane(device, engine, engine.batch(), inputs, outputs);
  }

  @Override
  public void close() {
    engine.close();
  }
}
