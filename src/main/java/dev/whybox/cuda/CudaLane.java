// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.cuda.DeviceEngine.DeviceLane;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import dev.whybox.error.Resources;
import dev.whybox.error.WhyboxException.EngineFailure;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a graph of the GPU on buffers of the host. Upload, engine and download are one recorded
 * graph on a stream of its own. All buffers are allocated once. The host's buffers are pinned;
 * {@link #close} frees them.
 */
final class CudaLane implements Lane {
  private final CudaDevice device;
  private final int batch;
  private final Resources resources = new Resources();
  private final CudaStream stream;
  private final DeviceLane lane;
  private final Map<String, DeviceMemory> inputs = new LinkedHashMap<>();
  private final Map<String, DeviceMemory> outputs = new LinkedHashMap<>();
  private final Map<PinnedMemory, DeviceMemory> up = new LinkedHashMap<>();
  private final Map<PinnedMemory, DeviceMemory> down = new LinkedHashMap<>();
  private final List<FloatBuffer> in = new ArrayList<>();
  private final List<FloatBuffer> out = new ArrayList<>();
  private final Replay replay;
  private boolean closed;

  /**
   * Makes a lane.
   *
   * @param ins all inputs of the graph
   * @param outs the outputs that are wanted
   */
  CudaLane(CudaDevice device, DeviceEngine engine, int batch, List<Port> ins, List<Port> outs) {
    this.device = device;
    this.batch = batch;
    device.use();
    try {
      lane = resources.add(engine.lane(batch));
      stream = resources.add(new CudaStream(device));
      for (Port port : engine.inputs(batch)) {
        inputs.put(port.name(), memory(port).clear());
      }
      for (Port port : engine.outputs(batch)) {
        outputs.put(port.name(), memory(port));
      }
      ins.forEach(port -> in.add(host(port, engine.inputs(batch), inputs, up)));
      outs.forEach(port -> out.add(host(port, engine.outputs(batch), outputs, down)));
      replay = resources.add(new Replay(stream, this::put));
    } catch (RuntimeException | Error e) {
      Resources.closeAfter(e, resources);
      throw e;
    }
  }

  private DeviceMemory memory(Port port) {
    return resources.add(
        new DeviceMemory(device, Float.BYTES * port.values(), "the tensor " + port.name()));
  }

  /** Makes the host's buffer for a tensor of the graph. */
  private FloatBuffer host(
      Port wanted,
      List<Port> known,
      Map<String, DeviceMemory> memories,
      Map<PinnedMemory, DeviceMemory> copies) {
    Port found =
        known.stream().filter(port -> port.name().equals(wanted.name())).findFirst().orElse(null);
    if (found == null || !Arrays.equals(found.shape(), wanted.shape())) {
      throw new EngineFailure(
          "The engine on the GPU has no tensor "
              + wanted.name()
              + " of the sizes "
              + Arrays.toString(wanted.shape())
              + (found == null ? "" : ", but of " + Arrays.toString(found.shape()))
              + ". Take --device cpu, and report the model.",
          null);
    }
    DeviceMemory memory = memories.get(wanted.name());
    PinnedMemory pinned =
        resources.add(new PinnedMemory(device, memory.bytes(), "the tensor " + wanted.name()));
    copies.put(pinned, memory);
    return pinned.buffer().asFloatBuffer();
  }

  private void put() {
    up.forEach((host, memory) -> stream.upload(host, memory, memory.bytes()));
    lane.enqueue(stream, List.copyOf(inputs.values()), List.copyOf(outputs.values()));
    down.forEach((host, memory) -> stream.download(memory, host, memory.bytes()));
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public List<FloatBuffer> inputs() {
    return List.copyOf(in);
  }

  @Override
  public List<FloatBuffer> outputs() {
    return List.copyOf(out);
  }

  @Override
  public void run() {
    if (closed) {
      throw new EngineFailure("The lane is closed.", null);
    }
    device.use();
    replay.run();
  }

  @Override
  public void close() {
    closed = true;
    resources.close();
  }
}
