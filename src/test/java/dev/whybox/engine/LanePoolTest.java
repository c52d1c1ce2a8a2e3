// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.LanePool.Key;
import dev.whybox.error.WhyboxException.EngineFailure;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LanePoolTest {
  private static final int SIZE = 32;
  private static final Key ONE = key(1, 1);

  private final AtomicInteger opened = new AtomicInteger();
  private boolean broken;

  private final FakeEngine engine =
      new FakeEngine(
          SIZE,
          1,
          (image, output) -> {
            if (broken) {
              throw new EngineFailure("broken", null);
            }
          });
  private final LanePool pool = new LanePool(this::open);

  private Lane open(Key key) {
    opened.incrementAndGet();
    return engine.lane(key.batch(), key.height(), key.width(), key.threads());
  }

  private static Key key(int batch, int threads) {
    return new Key(batch, SIZE, SIZE, List.of(0), threads);
  }

  @Test
  void manyCallsShareOneLane() {
    for (int call = 0; call < 1000; call++) {
      try (Lane lane = pool.borrow(ONE)) {
        lane.run();
      }
    }
    assertEquals(1, opened.get());
    assertEquals(1000, engine.images());
    pool.close();
    assertEquals(0, engine.openLanes());
  }

  @Test
  void otherSizesAreOtherLanes() {
    Lane first = pool.borrow(ONE);
    FloatBuffer buffer = first.input();
    first.close();
    try (Lane larger = pool.borrow(key(2, 1));
        Lane wider = pool.borrow(key(1, 2));
        Lane again = pool.borrow(ONE)) {
      assertEquals(2, larger.batch());
      assertNotSame(buffer, wider.input());
      assertSame(buffer, again.input());
    }
    assertEquals(3, opened.get());
  }

  @Test
  void aLaneThatIsGivenBackCannotBeUsed() {
    Lane lane = pool.borrow(ONE);
    lane.close();
    lane.close();
    assertThrows(EngineFailure.class, lane::run);
    assertThrows(EngineFailure.class, lane::input);
    try (Lane one = pool.borrow(ONE);
        Lane two = pool.borrow(ONE)) {
      assertNotSame(one.input(), two.input(), "closed twice, but given back once");
    }
  }

  @Test
  void aLaneThatFailedIsFreed() {
    broken = true;
    try (Lane lane = pool.borrow(ONE)) {
      assertThrows(EngineFailure.class, lane::run);
    }
    assertEquals(0, engine.openLanes());
  }

  @Test
  void idleLanesAreBoundedTheOldestGoesFirst() {
    List<Lane> lent = new ArrayList<>();
    for (int batch = 1; batch <= 40; batch++) {
      lent.add(pool.borrow(key(batch, 1)));
    }
    lent.forEach(Lane::close);
    assertEquals(16, engine.openLanes());
    pool.borrow(key(40, 1)).close();
    assertEquals(40, opened.get());
    pool.borrow(key(1, 1)).close();
    assertEquals(41, opened.get());
    assertTrue(engine.openLanes() <= 16);
  }

  @Test
  void idleLanesMakeRoom() {
    pool.borrow(ONE).close();
    engine.failAfterLanes(1);
    try (Lane lane = pool.borrow(key(2, 1))) {
      lane.run();
      assertEquals(1, engine.openLanes());
      assertThrows(EngineFailure.class, () -> pool.borrow(ONE));
    }
  }

  @Test
  void whatIsLentWhenThePoolClosesIsFreedAfterwards() {
    Lane lane = pool.borrow(ONE);
    pool.close();
    pool.close();
    lane.run();
    lane.close();
    assertEquals(0, engine.openLanes());
  }

  @Test
  void borrowersNeverShare() throws Exception {
    Set<Integer> inUse = ConcurrentHashMap.newKeySet();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> calls = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      calls.add(
          threads.submit(
              () -> {
                for (int call = 0; call < 500; call++) {
                  try (Lane lane = pool.borrow(ONE)) {
                    int buffer = System.identityHashCode(lane.input());
                    assertTrue(inUse.add(buffer), "lent twice");
                    lane.run();
                    inUse.remove(buffer);
                  }
                }
              }));
    }
    for (Future<?> call : calls) {
      call.get();
    }
    threads.shutdown();
    assertTrue(opened.get() <= 4, "opened " + opened.get());
    pool.close();
    assertEquals(0, engine.openLanes());
  }
}
