// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/** Does the same for every target, several at a time, on no more threads than were allowed. */
final class Workers {
  private Workers() {}

  /**
   * The results in the order of their numbers. The calling thread works too, and threads of the
   * common pool help where they are free; no thread is made for the call.
   *
   * @param threads at least 1
   * @param count how many numbers, from 0
   * @param work of a number, never null; safe to share between threads, and independent of the
   *     others
   * @throws RuntimeException what the work threw first, after all that had begun has ended
   */
  static <T> List<T> map(int threads, int count, IntFunction<T> work) {
    Shared<T> shared = new Shared<>(count, work);
    for (int helper = 1; helper < Math.min(threads, count); helper++) {
      ForkJoinPool.commonPool().execute(shared::take);
    }
    shared.take();
    return shared.await();
  }

  /** Work that several threads take from. A thread that comes too late finds nothing to do. */
  private static final class Shared<T> {
    private final IntFunction<T> work;
    private final Object[] results;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch left;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Shared(int count, IntFunction<T> work) {
      this.work = work;
      this.results = new Object[count];
      this.left = new CountDownLatch(count);
    }

    void take() {
      for (int i = next.getAndIncrement(); i < results.length; i = next.getAndIncrement()) {
        try {
          // After a failure nobody wants the rest.
          results[i] = failure.get() == null ? work.apply(i) : null;
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          left.countDown();
        }
      }
    }

    @SuppressWarnings("unchecked") // The results are what the work returned.
    List<T> await() {
      boolean interrupted = false;
      for (boolean done = false; !done; ) {
        try {
          left.await();
          done = true;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure.get() instanceof Error error) {
        throw error;
      }
      if (failure.get() instanceof RuntimeException exception) {
        throw exception;
      }
      return (List<T>) Arrays.asList(results);
    }
  }
}
