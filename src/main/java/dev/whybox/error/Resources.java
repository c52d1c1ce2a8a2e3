// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.error;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Things that are made one after the other and freed in the opposite order, all of them even where
 * making the next one fails.
 */
public final class Resources implements AutoCloseable {
  private final Deque<AutoCloseable> made = new ArrayDeque<>();

  /** Nothing yet. */
  public Resources() {}

  /**
   * Takes ownership.
   *
   * @param <T> what it is
   * @param resource freed by {@link #close}
   * @return the same
   */
  public <T extends AutoCloseable> T add(T resource) {
    made.push(resource);
    return resource;
  }

  /** Frees all. A second call does nothing. */
  @Override
  public void close() {
    RuntimeException failure = null;
    while (!made.isEmpty()) {
      try {
        made.pop().close();
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      } catch (Exception e) {
        failure = failure == null ? new IllegalStateException(e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
