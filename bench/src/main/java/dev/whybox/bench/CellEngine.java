// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.image.Box;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * A detector of one box whose score is a function of a grid's cells, each 1 where it is white and 0
 * where it is gray. It waits until its time is up, and leaves the processor to others meanwhile.
 */
final class CellEngine implements Engine {
  private static final double GRAY = 114 / 255.0;

  private final int side;
  private final int size;
  private final int anchors;
  private final Box box;
  private final double millis;
  private final ToDoubleFunction<double[]> score;

  /**
   * A detector.
   *
   * @param side cells along each side
   * @param size pixels along each side, a multiple of 32 and of the cells
   * @param millis what a forward takes
   * @param score in [0, 1], of the cells row by row
   */
  CellEngine(int side, int size, Box box, double millis, ToDoubleFunction<double[]> score) {
    this.side = side;
    this.size = size;
    this.anchors = size * size / 64 + size * size / 256 + size * size / 1024;
    this.box = box;
    this.millis = millis;
    this.score = score;
  }

  @Override
  public EngineInfo info() {
    return new EngineInfo("slow", "1", "cpu", "fp32");
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of("task", "detect", "imgsz", "[" + size + ", " + size + "]");
  }

  @Override
  public long[] inputShape() {
    return new long[] {-1, 3, size, size};
  }

  @Override
  public List<Port> outputs(int batch, int height, int width) {
    return List.of(new Port("output0", new long[] {batch, 5, anchors}));
  }

  @Override
  public Lane lane(int batch, int height, int width, List<Integer> outputs, int threads) {
    FloatBuffer input = floats(batch * 3 * size * size);
    FloatBuffer output = floats(batch * 5 * anchors);
    return new Lane() {
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
        long end = System.nanoTime() + (long) (batch * millis * 1e6);
        for (int i = 0; i < batch; i++) {
          answer(input, output, i);
        }
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Lane lane(List<Port> inputs, List<Port> outputs, int threads) {
    throw new EngineFailure("This engine has one input and one output.", null);
  }

  @Override
  public Engine open(byte[] file, String name) {
    throw new EngineFailure("This engine opens no files.", null);
  }

  @Override
  public void close() {}

  private void answer(FloatBuffer input, FloatBuffer output, int image) {
    double[] cells = new double[side * side];
    int cell = size / side;
    for (int k = 0; k < cells.length; k++) {
      int pixel = (k / side * cell + cell / 2) * size + k % side * cell + cell / 2;
      cells[k] = (input.get(image * 3 * size * size + pixel) - GRAY) / (1 - GRAY);
    }
    int start = image * 5 * anchors;
    output.put(start, (box.x1() + box.x2()) / 2);
    output.put(start + anchors, (box.y1() + box.y2()) / 2);
    output.put(start + 2 * anchors, box.x2() - box.x1());
    output.put(start + 3 * anchors, box.y2() - box.y1());
    output.put(start + 4 * anchors, (float) score.applyAsDouble(cells));
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
