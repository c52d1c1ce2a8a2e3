// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.error;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Owns resources and closes them in the opposite order. All are closed, even if making the next one
 * or closing another one fails. For one thread at a time.
 */
public final class Resources implements AutoCloseable {
  private final Deque<AutoCloseable> made = new ArrayDeque<>();

  /** Owns nothing yet. */
  public Resources() {}

  /**
   * Takes ownership of a resource.
   *
   * @param <T> the type of the resource
   * @param resource closed by {@link #close}
   * @return the same resource
   */
  public <T extends AutoCloseable> T add(T resource) {
    made.push(resource);
    return resource;
  }

  /**
   * Closes what a failed constructor had made, so that the failure itself is what the caller sees.
   *
   * @param failure the failure; what goes wrong in closing is attached as suppressed
   * @param made closed, whatever that throws
   */
  public static void closeAfter(Throwable failure, AutoCloseable made) {
    try {
      made.close();
    } catch (Exception | Error e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Closes everything, the last resource first. A second call does nothing.
   *
   * @throws RuntimeException the first exception of a resource; later ones are attached as
   *     suppressed
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
