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

  /**
   * Frees everything, the last thing first. A second call does nothing.
   *
   * @throws RuntimeException the first that a thing threw; those of the others are suppressed in it
   */
  @Override
  public void close() {
    Throwable failure = null;
    while (!made.isEmpty()) {
      try {
        made.pop().close();
      } catch (Exception | Error e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }
}
