// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.whybox.yolo.ModelInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The yardstick: nothing but {@code OrtSession.run} on the same model, threads and size, without a
 * line of Whybox: {@code streams} threads that each run batches with {@code threads} of their own.
 */
final class PlainForward implements AutoCloseable {
  private final int streams;
  private final int batch;
  private final ExecutorService executor;
  private final OrtSession session;
  private final List<OnnxTensor> inputs = new ArrayList<>();
  private final String inputName;

  PlainForward(byte[] model, ModelInfo info, int streams, int threads, int batch)
      throws OrtException {
    this.streams = streams;
    this.batch = batch;
    this.executor = Executors.newFixedThreadPool(streams);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      this.session = environment.createSession(model, options);
    }
    this.inputName = session.getInputNames().iterator().next();
    Random random = new Random(1);
    for (int s = 0; s < streams; s++) {
      long[] shape = {batch, 3, info.inputHeight(), info.inputWidth()};
      int size = batch * 3 * info.inputHeight() * info.inputWidth();
      FloatBuffer buffer =
          ByteBuffer.allocateDirect(4 * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
      for (int i = 0; i < size; i++) {
        buffer.put(i, random.nextFloat());
      }
      inputs.add(OnnxTensor.createTensor(environment, buffer, shape));
    }
  }

  /** Runs some images; returns the seconds it took for as many as were asked for. */
  double seconds(int images) throws InterruptedException, ExecutionException {
    int runs = Math.max(1, images / (streams * batch));
    long start = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    for (OnnxTensor input : inputs) {
      running.add(
          executor.submit(
              () -> {
                for (int i = 0; i < runs; i++) {
                  session.run(Map.of(inputName, input)).close();
                }
                return null;
              }));
    }
    for (Future<?> future : running) {
      future.get();
    }
    return (System.nanoTime() - start) * 1e-9 * images / (runs * streams * batch);
  }

  /** The fastest of all ways to spread the work: threads within a run or beside it, and batches. */
  static PlainForward best(byte[] model, ModelInfo info, int processors)
      throws OrtException, InterruptedException, ExecutionException {
    PlainForward best = null;
    double bestSeconds = Double.POSITIVE_INFINITY;
    int[] batches = info.batch() > 0 ? new int[] {info.batch()} : new int[] {1, 2, 4, 8};
    for (int streams = 1; streams <= Math.min(processors, 8); streams *= 2) {
      for (int batch : batches) {
        PlainForward candidate =
            new PlainForward(model, info, streams, Math.max(1, processors / streams), batch);
        int images = 2 * Math.max(8, streams * batch);
        candidate.seconds(images);
        double seconds = Math.min(candidate.seconds(images), candidate.seconds(images)) / images;
        System.out.printf("  plain forward, %s: %.2f ms an image%n", candidate, seconds * 1e3);
        if (seconds < bestSeconds) {
          if (best != null) {
            best.close();
          }
          best = candidate;
          bestSeconds = seconds;
        } else {
          candidate.close();
        }
      }
    }
    return best;
  }

  @Override
  public String toString() {
    return streams + " at once, batch " + batch;
  }

  @Override
  public void close() throws OrtException {
    executor.shutdown();
    inputs.forEach(OnnxTensor::close);
    session.close();
  }
}
