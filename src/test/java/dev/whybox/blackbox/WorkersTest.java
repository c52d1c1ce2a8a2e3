// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
  @Test
  void resultsComeInOrder() {
    List<Integer> squares = IntStream.range(0, 100).mapToObj(i -> i * i).toList();
    for (int threads : new int[] {1, 2, 8, 200}) {
      assertEquals(squares, Workers.map(threads, 100, i -> i * i));
    }
    assertEquals(List.of(), Workers.map(2, 0, i -> i));
  }

  @Test
  void noMoreThreadsWorkAtOnceThanAreAllowed() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Workers.map(
        2,
        50,
        i -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          IntStream.range(0, 10_000).forEach(j -> Thread.onSpinWait());
          return now.decrementAndGet();
        });
    assertTrue(most.get() <= 2, () -> most + " threads at once");
  }

  /** A thousand estimates must not make a thousand pools. */
  @Test
  void threadsAreThoseOfTheCallerAndTheCommonPool() {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    for (int call = 0; call < 1000; call++) {
      Workers.map(2, 4, i -> seen.add(Thread.currentThread()));
    }
    seen.remove(Thread.currentThread());
    assertTrue(seen.size() <= Math.max(1, ForkJoinPool.getCommonPoolParallelism()), seen::toString);
  }

  /** Others may have filled the common pool with work that never ends. */
  @Test
  void aBusyCommonPoolDelaysNothing() {
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      ForkJoinPool.commonPool()
          .execute(
              () -> {
                try {
                  end.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }
    try {
      assertEquals(List.of(0, 1, 2), Workers.map(4, 3, i -> i));
    } finally {
      end.countDown();
    }
  }

  @Test
  void theFirstFailureIsThrownAfterAllHasEnded() {
    IllegalStateException failure = new IllegalStateException("no");
    AtomicInteger running = new AtomicInteger();
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                Workers.map(
                    2,
                    10,
                    i -> {
                      running.incrementAndGet();
                      try {
                        if (i == 3) {
                          throw failure;
                        }
                        return i;
                      } finally {
                        running.decrementAndGet();
                      }
                    }));
    assertSame(failure, thrown);
    assertEquals(0, running.get());
  }

  @Test
  void anInterruptIsKeptForTheCaller() {
    Thread.currentThread().interrupt();
    List<Integer> found = Workers.map(2, 3, i -> i);
    assertTrue(Thread.interrupted());
    assertEquals(List.of(0, 1, 2), found);
  }
}
