// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;
import org.junit.jupiter.api.Test;

class RunTimesTest {
  private static final LanePlan SIMPLE = new LanePlan(1, 2, 1);

  @Test
  void theMeanAndTheSlowestOfTheLastWaves() {
    RunTimes times = new RunTimes();
    assertTrue(Double.isNaN(times.secondsPerImage()));
    assertEquals(1, times.tail());
    times.took(0.040);
    times.took(0.060);
    assertEquals(0.044, times.secondsPerImage(), 1e-12);
    assertEquals(1.5, times.tail(), 1e-12);
    // An hour of sleep is no wave.
    times.took(3600);
    assertEquals(2, times.tail());
    for (int wave = 0; wave < 100; wave++) {
      times.took(0.05);
    }
    assertEquals(0.05, times.secondsPerImage(), 1e-4);
    assertEquals(1, times.tail(), 1e-2);
  }

  /** One wave took 1.5 times the mean: the last wave before a deadline allows for that. */
  @Test
  void beforeADeadlineASlowWaveMustFit() {
    PlanSearch known = new PlanSearch(1, 1);
    known.begin();
    known.measured(known.next(), 0.1);
    RunTimes times = new RunTimes();
    WaveScheduler pace = new WaveScheduler(1000, 1, known, SIMPLE, times);
    assertEquals(1, pace.next(0, 0, 0.89));
    times.took(0.1);
    times.took(0.15);
    assertEquals(0, pace.next(0, 0, 0.89));
    assertEquals(1, pace.next(0, 0, 0.84));
  }
}
