// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Workers, each with a thread of its own, that share waves: each takes the next batch until none is
 * left. While one prepares or reads, the others compute.
 */
final class LaneWorkers implements AutoCloseable {
  private final List<Member> members = new ArrayList<>();

  /** Does batches; all but its construction happens on its thread. */
  interface Worker extends AutoCloseable {
    /** Takes batches until {@code next} has reached {@code count}. */
    void work(long first, int count, AtomicInteger next, float[] scores);

    /** Frees its buffers. */
    @Override
    void close();
  }

  private record Member(ExecutorService thread, Worker worker) {}

  /** Adds a worker. */
  void add(Worker worker) {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread lane = new Thread(task, "whybox-lane");
              lane.setDaemon(true);
              return lane;
            });
    members.add(new Member(thread, worker));
  }

  /** See {@link Evaluator#start}. */
  Evaluator.Wave start(long first, int count, float[] scores) {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (Member member : members) {
      running.add(member.thread.submit(() -> member.worker.work(first, count, next, scores)));
    }
    return () -> await(running);
  }

  /** Waits for all, even where one fails: nobody may use a buffer that is about to be freed. */
  private static void await(List<Future<?>> running) {
    Throwable failure = null;
    boolean interrupted = false;
    for (Future<?> future : running) {
      boolean done = false;
      while (!done) {
        try {
          future.get();
          done = true;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          done = true;
          failure = failure == null ? e.getCause() : failure;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Lets the waves end that were started: a worker's thread is the last to touch its buffers. */
  @Override
  public void close() {
    List<Future<?>> closing = new ArrayList<>();
    for (Member member : members) {
      closing.add(member.thread.submit(member.worker::close));
      member.thread.shutdown(); // What was submitted is still done.
    }
    members.clear();
    await(closing);
  }
}
