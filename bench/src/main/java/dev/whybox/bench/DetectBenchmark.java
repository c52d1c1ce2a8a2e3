// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import ai.onnxruntime.OrtException;
import dev.whybox.Whybox;
import dev.whybox.image.Image;
import dev.whybox.yolo.Detection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Detection on a warm model, beside the plain forward pass. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class DetectBenchmark {
  private Whybox whybox;
  private Image image;
  private PlainForward plain;

  /** Opens the model twice. */
  @Setup
  public void open() throws OrtException {
    whybox = Bench.open();
    image = Bench.image();
    int processors = Runtime.getRuntime().availableProcessors();
    plain = new PlainForward(Bench.modelBytes(), whybox.model(), 1, processors, 1);
  }

  /** Closes both. */
  @TearDown
  public void close() throws OrtException {
    whybox.close();
    plain.close();
  }

  /** Letterbox, forward, decode, suppression. */
  @Benchmark
  public List<Detection> detect() {
    return whybox.detect(image);
  }

  /** {@code OrtSession.run} alone. */
  @Benchmark
  public double forward() throws InterruptedException, ExecutionException {
    return plain.seconds(1);
  }
}
