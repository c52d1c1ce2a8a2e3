// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Whybox;
import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.yolo.Target;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Whole explanations of all detections, 200 and 400 samples: the difference is 200 samples. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 4)
public class MethodBenchmark {
  /** Samples. */
  @Param({"200", "400"})
  public int samples;

  private Whybox whybox;
  private Image image;
  private List<Target> targets;

  /** Opens the model and finds the targets. */
  @Setup
  public void open() {
    whybox = Bench.open();
    image = Bench.image();
    targets = whybox.detect(image).stream().map(Target::of).toList();
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    whybox.close();
  }

  private List<Explanation> explain(Method method) {
    Budget budget = Budget.DEFAULT.withSamples(samples);
    return whybox.explain(image, targets, method, budget, ProgressListener.NONE);
  }

  /** D-RISE. */
  @Benchmark
  public List<Explanation> dRise() {
    return explain(new DRise());
  }

  /** LIME. */
  @Benchmark
  public List<Explanation> lime() {
    return explain(new Lime());
  }

  /** KernelSHAP. */
  @Benchmark
  public List<Explanation> shap() {
    return explain(new Shap());
  }
}
