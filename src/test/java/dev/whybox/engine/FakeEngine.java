// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import dev.whybox.error.WhyboxException.EngineFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An engine whose "model" is a Java function, so that the true explanation is known. */
public final class FakeEngine implements Engine {
  private final int size;
  private final int rows;
  private final int anchors;
  private final Model model;
  private final Map<String, String> metadata;
  private final AtomicLong images = new AtomicLong();
  private final AtomicInteger openLanes = new AtomicInteger();
  private int laneLimit = Integer.MAX_VALUE;

  /** From one image [3,size,size] to one output [rows,anchors]. */
  @FunctionalInterface
  public interface Model {
    void run(float[] image, float[] output);
  }

  public FakeEngine(int size, int classes, Model model) {
    this(size, 4 + classes, size * size / 64 + size * size / 256 + size * size / 1024, model);
  }

  /** An engine with any output. */
  public FakeEngine(int size, int rows, int anchors, Model model) {
    this.size = size;
    this.rows = rows;
    this.anchors = anchors;
    this.model = model;
    this.metadata = Map.of("task", "detect", "imgsz", "[" + size + ", " + size + "]");
  }

  /** Lanes that are open now. */
  public int openLanes() {
    return openLanes.get();
  }

  /** Makes opening fail while so many lanes are open. */
  public FakeEngine failAfterLanes(int limit) {
    laneLimit = limit;
    return this;
  }

  /** The number of anchors. */
  public int anchors() {
    return anchors;
  }

  /** How many images were run. */
  public long images() {
    return images.get();
  }

  @Override
  public EngineInfo info() {
    return new EngineInfo("fake", "1", "cpu", "fp32");
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public long[] inputShape() {
    return new long[] {-1, 3, size, size};
  }

  @Override
  public List<Port> outputs(int batch, int height, int width) {
    return List.of(new Port("output0", new long[] {batch, rows, anchors}));
  }

  @Override
  public Lane lane(int batch, int height, int width, List<Integer> wanted, int threads) {
    if (openLanes.get() >= laneLimit) {
      throw new EngineFailure("no more lanes", null);
    }
    openLanes.incrementAndGet();
    FloatBuffer input = floats(batch * 3 * size * size);
    FloatBuffer output = floats(batch * rows * anchors);
    return new Lane() {
      private boolean open = true;
      private final float[] image = new float[3 * size * size];
      private final float[] result = new float[rows * anchors];

      @Override
      public int batch() {
        return batch;
      }

      @Override
      public List<FloatBuffer> inputs() {
        return List.of(input);
      }

      @Override
      public List<FloatBuffer> outputs() {
        return List.of(output);
      }

      @Override
      public void run() {
        for (int i = 0; i < batch; i++) {
          input.get(i * image.length, image);
          model.run(image, result);
          output.put(i * result.length, result);
          images.incrementAndGet();
        }
      }

      @Override
      public void close() {
        if (open) {
          open = false;
          openLanes.decrementAndGet();
        }
      }
    };
  }

  @Override
  public Lane lane(List<Port> inputs, List<Port> outputs, int threads) {
    throw new EngineFailure("a fake has one input and one output", null);
  }

  @Override
  public Engine open(byte[] file, String name) {
    throw new EngineFailure("a fake opens no files", null);
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public void close() {}
}
