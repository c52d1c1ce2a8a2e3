// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import dev.whybox.error.Resources;
import dev.whybox.error.WhyboxException.EngineFailure;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Lanes that outlive the call that opened them: a short call would else spend more time on buffers
 * than on the model. A lane belongs to one borrower at a time, and {@link Lane#close} gives it
 * back. The pool closes a lane that failed. Safe to share between threads.
 */
final class LanePool implements AutoCloseable {
  /** As many as two callers with the most lanes of a {@link PlanSearch} give back. */
  private static final int MOST_IDLE = 16;

  /** Values in the buffers of all idle lanes: 256 MiB. */
  private static final long MOST_IDLE_VALUES = 64L << 20;

  private final Function<Key, Lane> opener;

  /** The least recently used lane first. */
  private final List<Idle> idle = new ArrayList<>();

  private boolean closed;

  /**
   * What distinguishes lanes.
   *
   * @param batch images per run, at least 1
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param outputs the numbers of the outputs, from 0
   * @param threads threads per run, at least 1
   */
  record Key(int batch, int height, int width, List<Integer> outputs, int threads) {
    Key {
      outputs = List.copyOf(outputs);
    }
  }

  private record Idle(Key key, Lane lane) {
    long values() {
      long read = lane.input().capacity();
      return read + lane.outputs().stream().mapToLong(FloatBuffer::capacity).sum();
    }
  }

  /**
   * A pool without lanes.
   *
   * @param opener opens a lane; more than one thread may ask it at once
   */
  LanePool(Function<Key, Lane> opener) {
    this.opener = opener;
  }

  /**
   * Lends a lane, an idle one where there is one. Its buffers hold what the last borrower left.
   *
   * @param key which
   * @return a lane that the caller closes, before the pool or after it
   * @throws EngineFailure where no lane can be opened, even when all idle ones are freed
   */
  Lane borrow(Key key) {
    Lane found = take(key);
    return new Borrowed(key, found == null ? open(key) : found);
  }

  private synchronized Lane take(Key key) {
    for (int i = idle.size() - 1; i >= 0; i--) {
      if (idle.get(i).key().equals(key)) {
        return idle.remove(i).lane();
      }
    }
    return null;
  }

  private Lane open(Key key) {
    try {
      return opener.apply(key);
    } catch (EngineFailure e) {
      // Idle lanes may hold the memory that is missing.
      if (!free(other -> true)) {
        throw e;
      }
      return opener.apply(key);
    }
  }

  /**
   * Frees idle lanes.
   *
   * @param which chooses them
   * @return whether there were any
   */
  synchronized boolean free(Predicate<Key> which) {
    Resources freed = new Resources();
    boolean any =
        idle.removeIf(
            each -> {
              boolean chosen = which.test(each.key());
              if (chosen) {
                freed.add(each.lane());
              }
              return chosen;
            });
    freed.close();
    return any;
  }

  private synchronized void giveBack(Key key, Lane lane) {
    idle.add(new Idle(key, lane));
    try (Resources freed = new Resources()) {
      long values = idle.stream().mapToLong(Idle::values).sum();
      while (closed && !idle.isEmpty() || idle.size() > MOST_IDLE || values > MOST_IDLE_VALUES) {
        Idle oldest = idle.remove(0);
        values -= oldest.values();
        freed.add(oldest.lane());
      }
    }
  }

  /** Frees the idle lanes; a lent one is freed when its borrower closes it. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    free(key -> true);
  }

  /** A lane until it is given back. */
  private final class Borrowed implements Lane {
    private final Key key;
    private Lane lane;
    private boolean failed;

    Borrowed(Key key, Lane lane) {
      this.key = key;
      this.lane = lane;
    }

    /** Nobody may touch a lane that someone else may have by now. */
    private Lane lane() {
      if (lane == null) {
        throw new EngineFailure("The lane is closed.", null);
      }
      return lane;
    }

    @Override
    public int batch() {
      return key.batch();
    }

    @Override
    public List<FloatBuffer> inputs() {
      return lane().inputs();
    }

    @Override
    public List<FloatBuffer> outputs() {
      return lane().outputs();
    }

    @Override
    public void run() {
      boolean good = false;
      try {
        lane().run();
        good = true;
      } finally {
        failed |= !good;
      }
    }

    @Override
    public void close() {
      Lane used = lane;
      lane = null;
      if (used != null && failed) {
        used.close();
      } else if (used != null) {
        giveBack(key, used);
      }
    }
  }
}
