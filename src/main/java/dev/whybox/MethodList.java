// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import dev.whybox.blackbox.BlackBox;
import dev.whybox.blackbox.FromSurrogate;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.Method;
import dev.whybox.explain.MethodOption;
import dev.whybox.explain.Outcome;
import dev.whybox.explain.Outcome.Failed;
import dev.whybox.explain.Outcome.Found;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Several methods on one image. A method that another one of the list {@link BlackBox#predicts
 * predicts} runs no forward; all else runs in turn. A deadline is for all: each run may take an
 * equal part of the time that is left when it begins, so what one leaves is for those after it.
 */
final class MethodList {
  /** A method that runs, and those that need no forward beside it. */
  private record Turn(Method method, List<FromSurrogate> sharing) {
    boolean timed() {
      return method.kind().uses(MethodOption.DEADLINE);
    }
  }

  private final MethodRunner runner;
  private final List<Method> methods;
  private final Budget budget;
  private final Deque<Turn> turns = new ArrayDeque<>();
  private final long start = System.nanoTime();
  private boolean begun;

  /**
   * A list.
   *
   * @param methods at least one, each once
   * @throws BadArgument where there is none, one twice, or a goal for the error without a SHAP
   */
  MethodList(MethodRunner runner, List<? extends Method> methods, Budget budget) {
    this.runner = runner;
    this.methods = List.copyOf(methods);
    this.budget = budget;
    if (methods.isEmpty()) {
      throw new BadArgument("There is nothing to explain with: the list of methods is empty.");
    }
    for (Method method : methods) {
      if (this.methods.indexOf(method) != this.methods.lastIndexOf(method)) {
        throw new BadArgument(
            "The list of methods has "
                + method.name()
                + " twice, with the same parameters. Leave one out.");
      }
    }
    if (budget.error() > 0
        && methods.stream().noneMatch(one -> one.kind().uses(MethodOption.ERROR))) {
      throw new BadArgument(
          "A goal for the error is for shap, which is not in the list of methods. Leave it out.");
    }
    plan();
  }

  /** Every method that can share joins the first that it can share with. */
  private void plan() {
    Map<Method, List<FromSurrogate>> sharing = new HashMap<>();
    HashSet<Method> joined = new HashSet<>();
    for (Method method : methods) {
      if (method instanceof FromSurrogate other) {
        methods.stream()
            .filter(one -> one instanceof BlackBox black && black.predicts(other))
            .findFirst()
            .ifPresent(
                one -> {
                  sharing.computeIfAbsent(one, key -> new ArrayList<>()).add(other);
                  joined.add(other);
                });
      }
    }
    for (Method method : methods) {
      if (!joined.contains(method)) {
        turns.add(new Turn(method, sharing.getOrDefault(method, List.of())));
      }
    }
  }

  /**
   * Runs all.
   *
   * @param listeners asked for a listener of each run
   * @return what became of each method, in the order of the list; without those that a cancelled
   *     run was to be followed by
   */
  Map<Method, Outcome> run(
      Image image,
      List<Target> targets,
      Function<? super Method, ? extends ProgressListener> listeners) {
    Map<Method, Outcome> found = new HashMap<>();
    boolean cancelled = false;
    while (!turns.isEmpty() && !cancelled) {
      Budget mine = budgetOfNext();
      begun = true;
      Turn turn = turns.poll();
      ProgressListener listener = listeners.apply(turn.method());
      List<List<Explanation>> answers;
      try {
        answers = explain(image, targets, turn, mine, listener);
      } catch (RuntimeException e) {
        found.put(turn.method(), new Failed(e));
        answers = Collections.nCopies(1 + turn.sharing().size(), List.of());
      }
      if (!answers.get(0).isEmpty()) {
        found.put(turn.method(), new Found(answers.get(0)));
      }
      for (int i = turn.sharing().size() - 1; i >= 0; i--) {
        FromSurrogate other = turn.sharing().get(i);
        if (answers.get(i + 1).isEmpty()) {
          turns.addFirst(new Turn(other, List.of()));
        } else {
          found.put(other, new Found(answers.get(i + 1)));
        }
      }
      cancelled = answers.get(0).stream().anyMatch(why -> why.stop() == Stop.CANCELLED);
    }
    Map<Method, Outcome> ordered = new LinkedHashMap<>();
    for (Method method : methods) {
      if (found.containsKey(method)) {
        ordered.put(method, found.get(method));
      }
    }
    return ordered;
  }

  private List<List<Explanation>> explain(
      Image image, List<Target> targets, Turn turn, Budget mine, ProgressListener listener) {
    try {
      return runner.explain(image, targets, turn.method(), turn.sharing(), mine, listener);
    } catch (DeadlineTooShort e) {
      throw methods.size() == 1
          ? e
          : new DeadlineTooShort(
              "%s, one of %d methods that share a deadline of %d ms: %s"
                  .formatted(
                      turn.method().name(),
                      methods.size(),
                      budget.deadline().toMillis(),
                      e.getMessage()));
    } catch (OutOfMemoryError e) {
      throw new EngineFailure(
          "%s: not enough memory (%d MiB). Give Java more, such as -Xmx4g, or use a smaller image."
              .formatted(turn.method().name(), Runtime.getRuntime().maxMemory() >> 20),
          e);
    }
  }

  /** Its part of the time; the goal only where it has errors to reach it with. */
  private Budget budgetOfNext() {
    Turn next = turns.element();
    Duration part = budget.deadline();
    if (part != null) {
      long left = part.toNanos() - (begun ? System.nanoTime() - start : 0);
      long timed = Math.max(1, turns.stream().filter(Turn::timed).count());
      part = Duration.ofNanos(Math.max(1, left / timed));
    }
    return new Budget(
        budget.samples(),
        part,
        next.method().kind().uses(MethodOption.ERROR) ? budget.error() : 0,
        budget.seed(),
        budget.fallback());
  }
}
