// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaStream;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.DeviceEngine.DeviceLane;
import dev.whybox.cuda.DeviceMemory;
import dev.whybox.cuda.KernelModule;
import dev.whybox.cuda.Launch;
import dev.whybox.cuda.PinnedMemory;
import dev.whybox.cuda.Replay;
import dev.whybox.design.Coalitions;
import dev.whybox.engine.Port;
import dev.whybox.error.Resources;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stream of its own and all buffers for one batch. A batch is one recorded graph: which samples →
 * perturb → engine → score → scores to the host. Nothing of the image's size crosses the bus.
 */
final class CudaWorker implements LaneWorkers.Worker {
  /** {@code struct Wave} of kernels.h: first sample and count, 64 bits each. */
  private static final int WAVE_BYTES = 16;

  private final CudaDevice device;
  private final int batch;
  private final int targets;
  private final Coalitions given;
  private final long[] bits;
  private final Resources resources = new Resources();
  private final CudaStream stream;
  private final DeviceLane lane;
  private final DeviceMemory input;
  private final List<DeviceMemory> outputs;
  private final DeviceMemory wave;
  private final DeviceMemory scores;
  private final DeviceMemory coalitions;
  private final PinnedMemory hostWave;
  private final PinnedMemory hostScores;
  private final PinnedMemory hostCoalitions;
  private final Launch perturb;
  private final Launch score;
  private final Replay replay;

  CudaWorker(
      CudaDevice device, KernelModule kernels, DeviceEngine engine, CudaScene scene, int batch) {
    this.device = device;
    this.batch = batch;
    this.targets = scene.targets();
    Coalitions design = scene.givenCoalitions();
    this.given = design == null ? null : design.copy();
    this.bits = new long[given == null ? 0 : given.words()];
    try {
      // The stream is freed before the lane: it waits for what it still runs.
      lane = resources.add(engine.lane(batch));
      stream = resources.add(new CudaStream(device));
      // Cleared, since a short batch lets the engine run over what was never painted.
      long inputBytes = 4L * batch * scene.inputSize();
      input = resources.add(new DeviceMemory(device, inputBytes, "the input")).clear();
      outputs = outputs(engine.outputs(batch));
      scene.requireHead(outputs.get(0), batch);
      wave = memory(WAVE_BYTES, "the wave");
      scores = memory(4L * batch * targets, "the scores");
      hostWave = pinned(WAVE_BYTES, "the wave");
      hostScores = pinned(scores.bytes(), "the scores");
      long bitsBytes = 8L * batch * bits.length;
      coalitions = given == null ? null : memory(bitsBytes, "the coalitions");
      hostCoalitions = given == null ? null : pinned(bitsBytes, "the coalitions");
      perturb = resources.add(scene.perturb(kernels, wave, coalitions, input));
      score = resources.add(scene.score(kernels, wave, outputs.get(0), scores, batch));
      replay = resources.add(new Replay(stream, this::put));
    } catch (RuntimeException | Error e) {
      Resources.closeAfter(e, resources);
      throw e;
    }
  }

  private List<DeviceMemory> outputs(List<Port> ports) {
    return ports.stream()
        .map(port -> memory(Float.BYTES * port.values(), "the output " + port.name()))
        .toList();
  }

  private DeviceMemory memory(long bytes, String what) {
    return resources.add(new DeviceMemory(device, bytes, what));
  }

  private PinnedMemory pinned(long bytes, String what) {
    return resources.add(new PinnedMemory(device, bytes, what));
  }

  /** Why batches are launched call by call, or null where they are replayed. */
  String plainReason() {
    return replay.plainReason();
  }

  private void put() {
    stream.upload(hostWave, wave, WAVE_BYTES);
    if (given != null) {
      stream.upload(hostCoalitions, coalitions, coalitions.bytes());
    }
    perturb.on(stream);
    lane.enqueue(stream, List.of(input), outputs);
    score.on(stream);
    stream.download(scores, hostScores, scores.bytes());
  }

  @Override
  public void work(long first, int count, AtomicInteger next, float[] into) {
    device.use();
    for (int start = next.getAndAdd(batch); start < count; start = next.getAndAdd(batch)) {
      int images = Math.min(batch, count - start);
      ByteBuffer samples = hostWave.buffer();
      samples.putLong(0, first + start).putLong(8, images);
      if (given != null) {
        drawCoalitions(first + start, images);
      }
      replay.run();
      hostScores.buffer().asFloatBuffer().get(into, start * targets, images * targets);
      requireNumbers(into, start * targets, images * targets);
    }
  }

  private void drawCoalitions(long first, int images) {
    ByteBuffer buffer = hostCoalitions.buffer();
    for (int i = 0; i < images; i++) {
      if (first + i >= 0) { // The others are images that need no coalition.
        given.get(first + i, bits);
        for (int w = 0; w < bits.length; w++) {
          buffer.putLong(8 * (i * bits.length + w), bits[w]);
        }
      }
    }
  }

  private static void requireNumbers(float[] scores, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (Float.isNaN(scores[i])) {
        throw new NonFiniteOutput(
            "The model answers with NaN or infinity, so its output means nothing. Check the model,"
                + " and whether it works in this precision: --device cpu runs it as exported.");
      }
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
