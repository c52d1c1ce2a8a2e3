// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Callers take turns on the processors. A run uses all threads that a model was opened with, so two
 * runs at once would only slow each other down. Long runs pass the turn on between two waves. The
 * caller that has waited longest is next. A caller that already has the turn may take it again.
 * Safe to share between threads.
 */
public final class Turns {
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Nobody has the turn yet. */
  public Turns() {}

  /**
   * Waits for the turn.
   *
   * @return the turn, which the calling thread closes; an interrupt is kept for the caller
   */
  public Turn take() {
    lock.lock();
    return new Turn();
  }

  /**
   * Waits for the turn, but not longer than a given time.
   *
   * @param seconds at most; infinity for no limit
   * @return the turn, which the calling thread closes; null where it did not come in time. An
   *     interrupt is kept for the caller
   */
  public Turn take(double seconds) {
    if (seconds == Double.POSITIVE_INFINITY) {
      return take();
    }
    long end = System.nanoTime() + (long) Math.max(0, seconds * 1e9);
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS) ? new Turn() : null;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Does something in one turn.
   *
   * @param <T> what it gives
   * @param work what to do
   * @return its result
   */
  public <T> T during(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** The right to use the processors. For the thread that took it. */
  public final class Turn implements AutoCloseable {
    private boolean closed;

    private Turn() {}

    /**
     * How many other callers wait. Where there are any, the turn should be passed soon.
     *
     * @return at least 0
     */
    public int waiting() {
      return lock.getQueueLength();
    }

    /** Lets others go first where they wait. Returns when the turn is back. */
    public void pass() {
      if (waiting() > 0) {
        without(() -> {});
      }
    }

    /**
     * Does something that may wait for others, such as a listener of the user, while others may
     * have the turn.
     *
     * @param work what to do
     */
    public void without(Runnable work) {
      int holds = lock.getHoldCount();
      for (int i = 0; i < holds; i++) {
        lock.unlock();
      }
      try {
        work.run();
      } finally {
        for (int i = 0; i < holds; i++) {
          lock.lock();
        }
      }
    }

    /** Gives the turn back. A second call does nothing. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        lock.unlock();
      }
    }
  }
}
