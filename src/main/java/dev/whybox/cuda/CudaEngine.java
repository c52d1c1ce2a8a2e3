// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.GraphEngine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.EngineFailure;
import java.util.List;
import java.util.Map;

/**
 * A detector on a GPU that reads and writes buffers of the host. It serves detection, and white-box
 * methods, whose graphs it opens on the same GPU.
 */
public final class CudaEngine implements Engine {
  private final Engine described;
  private final CudaDevice device;
  private final DeviceEngine engine;
  private final Opener opener;

  /** Loads graphs onto the GPU, for one image per run. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Loads a graph.
     *
     * @param model an ONNX file with float32 inputs and outputs
     * @param name its name in messages
     * @return the graph on the GPU, to be closed by the caller
     */
    DeviceEngine open(byte[] model, String name);
  }

  /**
   * Makes the engine. It does not own its parts and closes none of them.
   *
   * @param described the same detector on the CPU, which knows the file's metadata
   * @param device the GPU
   * @param engine the detector on this GPU
   * @param opener loads other graphs onto this GPU
   */
  public CudaEngine(Engine described, CudaDevice device, DeviceEngine engine, Opener opener) {
    this.described = described;
    this.device = device;
    this.engine = engine;
    this.opener = opener;
  }

  @Override
  public EngineInfo info() {
    return engine.info();
  }

  @Override
  public Map<String, String> metadata() {
    return described.metadata();
  }

  @Override
  public long[] inputShape() {
    return described.inputShape();
  }

  @Override
  public List<Port> outputs(int batch, int height, int width) {
    return described.outputs(batch, height, width);
  }

  /** The graph that the engine was made of has its batch free, whatever the file says. */
  @Override
  public int smallestBatch() {
    return 1;
  }

  /**
   * {@inheritDoc}
   *
   * @throws BadArgument if the engine was made for fewer images
   * @throws EngineFailure if it was made for another size, or without one of the outputs
   */
  @Override
  public Lane lane(int batch, int height, int width, List<Integer> wanted, int threads) {
    if (batch > engine.batch()) {
      throw new BadArgument(
          "A batch of %d is not possible: the engine on the GPU was made for 1 to %d images."
              .formatted(batch, engine.batch()));
    }
    Port image = engine.inputs(batch).get(0);
    List<Port> all = outputs(batch, height, width);
    return new CudaLane(
        device,
        engine,
        batch,
        List.of(new Port(image.name(), new long[] {batch, 3, height, width})),
        wanted.stream().map(all::get).toList());
  }

  @Override
  public Lane lane(List<Port> inputs, List<Port> outputs, int threads) {
    int batch = (int) inputs.get(0).shape()[0];
    return new CudaLane(device, engine, batch, inputs, outputs);
  }

  @Override
  public GraphEngine open(byte[] model, String name) {
    device.use();
    return new CudaGraphEngine(device, opener.open(model, name));
  }

  /** Does nothing: the owner of the parts closes them. */
  @Override
  public void close() {}
}
