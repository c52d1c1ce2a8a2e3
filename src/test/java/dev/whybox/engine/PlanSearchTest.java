// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class PlanSearchTest {

  private static Set<LanePlan> run(PlanSearch search, ToDoubleFunction<LanePlan> cost) {
    Set<LanePlan> tried = new HashSet<>();
    while (search.next() != null) {
      LanePlan plan = search.next();
      assertTrue(tried.add(plan), "no plan twice: " + plan);
      search.measured(plan, cost.applyAsDouble(plan));
    }
    return tried;
  }

  @Test
  void findsTheFastestSplit() {
    PlanSearch search = new PlanSearch(16, 1);
    Set<LanePlan> tried = run(search, plan -> Math.abs(plan.lanes() - 4) + 1);
    assertEquals(new LanePlan(4, 4, 1), search.best());
    assertEquals(4, tried.size());
    assertTrue(tried.stream().allMatch(plan -> plan.lanes() * plan.threads() == 16));
  }

  @Test
  void theBatchGrowsWhileThatPays() {
    PlanSearch search = new PlanSearch(2, 0);
    run(search, plan -> plan.lanes() == 1 ? 9 : plan.batch() <= 4 ? 4.0 / plan.batch() : 2);
    assertEquals(new LanePlan(2, 1, 4), search.best());
    assertEquals(1, search.secondsPerImage());
  }

  @Test
  void noiseDoesNotChooseALargerBatch() {
    PlanSearch search = new PlanSearch(1, 0);
    run(search, plan -> plan.batch() == 1 ? 1 : 0.98);
    assertEquals(new LanePlan(1, 1, 1), search.best());
  }

  @Test
  void theSecondCallLooksAgainAndTheLeastTimeCounts() {
    PlanSearch search = new PlanSearch(2, 1);
    LanePlan two = new LanePlan(2, 1, 1);
    LanePlan one = new LanePlan(1, 2, 1);
    // At the first look something else slowed down the better plan.
    assertEquals(Set.of(two, one), run(search, plan -> plan.equals(two) ? 9 : 2));
    assertEquals(one, search.best());
    search.begin();
    assertEquals(Set.of(two, one), run(search, plan -> plan.equals(two) ? 1 : 5));
    assertEquals(two, search.best());
    assertEquals(1, search.secondsPerImage());
    search.begin();
    assertNull(search.next(), "no third look");
  }

  @Test
  void aSearchUnderWayIsNotBegunAnew() {
    PlanSearch search = new PlanSearch(4, 1);
    search.measured(search.next(), 1);
    LanePlan next = search.next();
    search.begin();
    assertEquals(next, search.next());
    assertEquals(2, run(search, plan -> 2).size());
  }

  @Test
  void aFixedBatchIsKept() {
    PlanSearch search = new PlanSearch(2, 5);
    assertTrue(run(search, plan -> 1).stream().allMatch(plan -> plan.batch() == 5));
  }

  /** On a GPU: the lanes are given, and what is built bounds the batch. */
  @Test
  void aSearchForTheBatchAloneEndsAtTheLargest() {
    PlanSearch search = PlanSearch.ofBatches(2, 4, 12);
    assertEquals(
        Set.of(new LanePlan(2, 1, 4), new LanePlan(2, 1, 8), new LanePlan(2, 1, 12)),
        run(search, plan -> 1.0 / plan.batch()));
    assertEquals(new LanePlan(2, 1, 12), search.best());
    PlanSearch saturated = PlanSearch.ofBatches(2, 4, 16);
    assertEquals(2, run(saturated, plan -> 1).size(), "twice the batch did not pay");
    assertEquals(new LanePlan(2, 1, 4), saturated.best());
    PlanSearch fixed = PlanSearch.ofBatches(2, 5, 5);
    assertEquals(Set.of(new LanePlan(2, 1, 5)), run(fixed, plan -> 1));
  }

  @Test
  void rejectedPlansAreLeftOut() {
    PlanSearch search = new PlanSearch(4, 1);
    search.rejected(search.next());
    search.measured(search.next(), 2);
    search.rejected(search.next());
    assertNull(search.next());
    assertEquals(new LanePlan(2, 2, 1), search.best());
  }

  @Test
  void aMeasurementOfAnotherPlanIsIgnored() {
    PlanSearch search = new PlanSearch(2, 1);
    LanePlan first = search.next();
    search.measured(new LanePlan(7, 7, 7), 1e-9);
    assertEquals(first, search.next());
    assertNull(search.best());
  }
}
