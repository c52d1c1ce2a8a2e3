// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;
import org.junit.jupiter.api.Test;

/** Waves of an imaginary engine, whose time is known. */
class WaveSchedulerTest {
  private static final LanePlan SIMPLE = new LanePlan(1, 2, 1);
  private static final double NEVER = Double.POSITIVE_INFINITY;

  /** Two lanes, each image 10 ms; the wall clock sees half of that. */
  private static PlanSearch known() {
    PlanSearch search = new PlanSearch(2, 1);
    for (int look = 0; look < 2; look++) {
      search.begin();
      search.measured(search.next(), 0.005);
      search.measured(search.next(), 0.008);
    }
    return search;
  }

  @Test
  void wavesFillAQuarterSecondAndAllLanes() {
    WaveScheduler pace = new WaveScheduler(1000, NEVER, known(), SIMPLE, new RunTimes());
    assertEquals(new LanePlan(2, 1, 1), pace.plan());
    assertEquals(50, pace.next(0, 0, 0));
    assertEquals(48, pace.next(0, 2, 0), "two more images make the wave whole");
    assertEquals(7, pace.next(993, 0, 0));
  }

  @Test
  void wavesShrinkBeforeTheDeadlineAndEndThere() {
    WaveScheduler pace = new WaveScheduler(1000, 1.0, known(), SIMPLE, new RunTimes());
    assertEquals(50, pace.next(0, 0, 0.5));
    assertEquals(10, pace.next(0, 0, 0.95));
    assertEquals(0, pace.next(0, 0, 0.995));
    pace.reserve(0.2);
    assertEquals(0, pace.next(0, 0, 0.8));
    assertEquals(10, pace.next(0, 0, 0.75));
  }

  @Test
  void aShortDeadlineDoesNotSearch() {
    PlanSearch search = new PlanSearch(2, 0);
    WaveScheduler pace = new WaveScheduler(1000, 0.5, search, SIMPLE, new RunTimes());
    assertEquals(SIMPLE, pace.plan());
    assertEquals(0, pace.next(0, 2, 0), "the first two images tell the time of one");
    pace.took(2, 0.02);
    assertEquals(25, pace.next(0, 0, 0.02));
    assertEquals(null, search.best());
  }

  @Test
  void aWaveThatEndsRightAfterTheOneBeforeDoesNotPromiseAnEndlessRate() {
    WaveScheduler pace = new WaveScheduler(100_000, NEVER, known(), SIMPLE, new RunTimes());
    pace.took(50, 0.5);
    pace.took(50, 0.0001);
    int next = pace.next(100, 0, 0);
    assertTrue(next <= 100, "100 images took half a second; a quarter second was given " + next);
    assertTrue(next >= 40, "found " + next);
  }

  @Test
  void theFirstWavesMeasureAfterAWarmUp() {
    PlanSearch search = new PlanSearch(2, 1);
    WaveScheduler pace = new WaveScheduler(1000, NEVER, search, SIMPLE, new RunTimes());
    assertEquals(new LanePlan(2, 1, 1), pace.plan());
    assertEquals(2, pace.next(0, 0, 0));
    pace.took(2, 1);
    assertEquals(6, pace.next(2, 0, 0));
    pace.took(6, 0.06);
    assertEquals(0.01, search.secondsPerImage(), 1e-12);
    assertEquals(new LanePlan(1, 2, 1), pace.plan());
    pace.took(1, 1);
    pace.took(3, 0.09);
    assertEquals(new LanePlan(2, 1, 1), pace.plan());
    assertEquals(24, pace.next(12, 0, 0), "the known time of the best plan, not of the last");
  }

  @Test
  void anotherCallGoesOnWhereTheLastStopped() {
    PlanSearch search = new PlanSearch(2, 1);
    WaveScheduler first = new WaveScheduler(8, NEVER, search, SIMPLE, new RunTimes());
    first.took(2, 1);
    first.took(6, 0.06);
    WaveScheduler second = new WaveScheduler(8, NEVER, search, SIMPLE, new RunTimes());
    assertEquals(new LanePlan(1, 2, 1), second.plan());
  }

  @Test
  void aWaveThatIsTooShortIsNotMeasured() {
    PlanSearch search = new PlanSearch(2, 1);
    WaveScheduler pace = new WaveScheduler(5, NEVER, search, SIMPLE, new RunTimes());
    pace.took(2, 1);
    assertEquals(3, pace.next(2, 0, 0));
    pace.took(3, 0.5);
    assertEquals(null, search.best());
  }

  @Test
  void aPlanThatFailsMakesRoomForTheNext() {
    WaveScheduler pace =
        new WaveScheduler(100, NEVER, new PlanSearch(2, 1), SIMPLE, new RunTimes());
    assertTrue(pace.reject());
    assertEquals(SIMPLE, pace.plan());
    assertFalse(pace.reject(), "nothing is left but the plan that fails");
  }
}
