// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Does the same for every target, several at a time, on no more threads than were allowed. */
final class Workers {
  private Workers() {}

  /**
   * The results in the order of their numbers.
   *
   * @param threads at least 1
   * @param count how many numbers, from 0
   * @param work of a number; safe to share between threads, and independent of the others
   */
  static <T> List<T> map(int threads, int count, IntFunction<T> work) {
    int most = Math.min(threads, count);
    if (most <= 1) {
      return IntStream.range(0, count).mapToObj(work).toList();
    }
    ForkJoinPool pool = new ForkJoinPool(most);
    try {
      // A parallel stream runs in the pool that it is started from.
      return pool.submit(() -> IntStream.range(0, count).parallel().mapToObj(work).toList()).join();
    } finally {
      pool.shutdown();
    }
  }
}
