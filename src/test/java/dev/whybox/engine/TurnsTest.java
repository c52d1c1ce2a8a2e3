// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.Turns.Turn;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("try") // some only take their turn
class TurnsTest {
  private final Turns turns = new Turns();

  /** Waits until so many others stand in line. */
  private static void await(Turn turn, int others) {
    while (turn.waiting() < others) {
      Thread.onSpinWait();
    }
  }

  @Test
  void oneCallerAtATime() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<Void>> callers = new java.util.ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(
          CompletableFuture.runAsync(
              () -> {
                try (Turn turn = turns.take()) {
                  for (int wave = 0; wave < 100; wave++) {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    now.decrementAndGet();
                    turn.pass();
                  }
                }
              }));
    }
    callers.forEach(CompletableFuture::join);
    assertEquals(1, most.get());
  }

  /** Whoever passes the turn stands behind those who wait. */
  @Test
  void passingLetsTheOthersGoFirst() {
    List<String> order = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> other;
    try (Turn turn = turns.take()) {
      other =
          CompletableFuture.runAsync(
              () -> {
                try (Turn mine = turns.take()) {
                  order.add("other");
                }
              });
      await(turn, 1);
      order.add("first");
      turn.pass();
      order.add("first again");
    }
    other.join();
    assertEquals(List.of("first", "other", "first again"), order);
  }

  /** Such as a listener that detects: it is the same caller. */
  @Test
  void aCallerMayTakeItsOwnTurnAgain() {
    try (Turn outer = turns.take()) {
      try (Turn inner = turns.take(0.001)) {
        assertNotNull(inner);
        // All of it is passed, else the other would wait for ever.
        inner.without(
            () ->
                CompletableFuture.runAsync(
                        () -> {
                          try (Turn other = turns.take()) {
                            assertEquals(0, other.waiting());
                          }
                        })
                    .join());
      }
    }
  }

  @Test
  void aTurnThatDoesNotComeInTimeIsNone() {
    try (Turn turn = turns.take()) {
      assertNull(CompletableFuture.supplyAsync(() -> turns.take(0.01)).join());
      assertEquals(0, turn.waiting());
    }
    assertNull(CompletableFuture.supplyAsync(() -> closed(turns.take(0.01))).join());
  }

  private static Turn closed(Turn turn) {
    turn.close();
    return null;
  }

  @Test
  void anInterruptIsKept() {
    Thread.currentThread().interrupt();
    try (Turn turn = turns.take(1)) {
      assertNotNull(turn);
    }
    assertTrue(Thread.interrupted());
  }
}
