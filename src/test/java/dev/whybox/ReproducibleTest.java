// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same seed gives the same map, whatever the batch and the number of threads. */
class ReproducibleTest {
  private static final Image IMAGE = Image.read(Samples.all().get(0).image());
  private static final Options ONE = Options.DEFAULT.withBatch(1).withThreads(1);

  private static List<Explanation> explain(Whybox whybox, Method method, int samples) {
    List<Target> targets = whybox.detect(IMAGE).stream().map(Target::of).toList();
    Budget budget = Budget.DEFAULT.withSamples(samples).withSeed(42);
    return whybox.explain(IMAGE, targets, method, budget, ProgressListener.NONE);
  }

  private static void assertSame(List<Explanation> expected, List<Explanation> found) {
    assertEquals(expected.size(), found.size());
    for (int t = 0; t < found.size(); t++) {
      assertArrayEquals(expected.get(t).map(), found.get(t).map(), 1e-4f);
      assertEquals(expected.get(t).fullScore(), found.get(t).fullScore(), 1e-4);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,2,50", "3,1,50", "3,2,50", "8,1,50", "8,2,50", "0,0,110"})
  void mapsDoNotDependOnBatchAndThreads(int batch, int threads, int samples) {
    Options options = Options.DEFAULT.withBatch(batch).withThreads(threads);
    try (Whybox one = Whybox.bundled(ONE);
        Whybox other = Whybox.bundled(options)) {
      for (Method method : new Method[] {new DRise(), new Lime(), new Shap()}) {
        assertSame(explain(one, method, samples), explain(other, method, samples));
      }
    }
  }

  @Test
  void aWhyboxIsSharedBetweenThreads() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Whybox whybox = Whybox.bundled(Options.DEFAULT)) {
      List<Explanation> expected = explain(whybox, new Shap(), 100);
      List<Future<List<Explanation>>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(threads.submit(() -> explain(whybox, new Shap(), 100)));
      }
      for (Future<List<Explanation>> future : running) {
        assertSame(expected, future.get());
      }
    } finally {
      threads.shutdown();
    }
  }
}
