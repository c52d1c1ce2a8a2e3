// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  private final List<String> closed = new ArrayList<>();

  private AutoCloseable thing(String name, Throwable failure) {
    return () -> {
      closed.add(name);
      if (failure instanceof Exception exception) {
        throw exception;
      }
      if (failure instanceof Error error) {
        throw error;
      }
    };
  }

  /** The last one made is the first one freed; who throws keeps nobody from being freed. */
  @Test
  void allAreFreedAndTheFirstFailureIsThrown() {
    Resources resources = new Resources();
    RuntimeException first = new IllegalStateException("first");
    LinkageError second = new LinkageError("second");
    resources.add(thing("a", second));
    resources.add(thing("b", null));
    resources.add(thing("c", first));
    assertSame(first, assertThrows(IllegalStateException.class, resources::close));
    assertEquals(List.of("c", "b", "a"), closed);
    assertSame(second, first.getSuppressed()[0]);
    resources.close();
    assertEquals(3, closed.size());
  }

  @Test
  void anErrorStaysAnErrorAndACheckedExceptionIsWrapped() {
    Resources errors = new Resources();
    LinkageError error = new LinkageError("no library");
    errors.add(thing("a", error));
    assertSame(error, assertThrows(LinkageError.class, errors::close));
    Resources checked = new Resources();
    IOException cause = new IOException("disk");
    checked.add(thing("b", cause));
    assertSame(cause, assertThrows(IllegalStateException.class, checked::close).getCause());
  }

  /** What went wrong first is what the caller is told. */
  @Test
  void aFailedConstructorKeepsItsFailure() {
    OutOfMemoryError failure = new OutOfMemoryError("direct memory");
    RuntimeException second = new IllegalStateException("second");
    Resources resources = new Resources();
    resources.add(thing("a", null));
    resources.add(thing("b", second));
    Resources.closeAfter(failure, resources);
    assertEquals(List.of("b", "a"), closed);
    assertSame(second, failure.getSuppressed()[0]);
  }
}
