// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Whybox;
import dev.whybox.blackbox.Shap;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Callers that ask at once and each with a deadline, as a service has them: how late answers come,
 * how many samples they have, how fast a refusal is. One caller and several are measured in turn,
 * each for the same time. A refused caller asks again after 50 ms. Arguments: deadline in
 * milliseconds (default 500), callers (default 4), seconds of each phase (default 20), rounds
 * (default 3).
 */
public final class Callers {
  private static final long AFTER_REFUSAL_MILLIS = 50;

  private Callers() {}

  /** What one call gave; samples −1 where it was refused. */
  private record Answer(double seconds, int samples) {}

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws Exception where a call fails in another way than by its deadline
   */
  public static void main(String[] arguments) throws Exception {
    double deadline = number(arguments, 0, 500) / 1e3;
    int callers = (int) number(arguments, 1, 4);
    double seconds = number(arguments, 2, 20);
    int rounds = (int) number(arguments, 3, 3);
    try (Whybox whybox = Bench.open()) {
      long start = System.nanoTime();
      whybox.warmUp();
      System.out.printf("warm-up: %.1f s%n", (System.nanoTime() - start) * 1e-9);
      for (int round = 0; round < rounds; round++) {
        double one = print(whybox, 1, deadline, seconds);
        double many = print(whybox, callers, deadline, seconds);
        System.out.printf("samples of %d callers / one caller's: %.3f%n", callers, many / one);
      }
    }
  }

  private static double number(String[] arguments, int index, double standard) {
    return arguments.length > index ? Double.parseDouble(arguments[index]) : standard;
  }

  private static double print(Whybox whybox, int callers, double deadline, double seconds)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    List<Future<List<Answer>>> running = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (int caller = 0; caller < callers; caller++) {
      running.add(threads.submit(() -> ask(whybox, deadline, end)));
    }
    List<Answer> all = new ArrayList<>();
    for (Future<List<Answer>> future : running) {
      all.addAll(future.get());
    }
    threads.shutdown();
    double[] answered = times(all, false);
    double[] refused = times(all, true);
    int samples = all.stream().mapToInt(answer -> Math.max(0, answer.samples())).sum();
    System.out.printf(
        "%d callers, %.0f ms: %d answers after %s of the deadline, %d samples; %d refusals%s%n",
        callers,
        1e3 * deadline,
        answered.length,
        quantiles(answered, deadline),
        samples,
        refused.length,
        refused.length == 0
            ? ""
            : ", the slowest after %.1f ms".formatted(1e3 * refused[refused.length - 1]));
    return samples;
  }

  private static List<Answer> ask(Whybox whybox, double deadline, long end)
      throws InterruptedException {
    Method method = new Shap();
    Image[] images = {Bench.image(), Bench.image()};
    Target target = Target.of(whybox.detect(images[0]).get(0));
    Budget budget = Budget.DEFAULT.withDeadline(Duration.ofNanos((long) (deadline * 1e9)));
    List<Answer> answers = new ArrayList<>();
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      // In turn: of a picture that was seen last, much would be known.
      Image image = images[answers.size() % 2];
      try {
        int samples =
            whybox
                .explain(image, List.of(target), method, budget, ProgressListener.NONE)
                .get(0)
                .samples();
        answers.add(new Answer((System.nanoTime() - start) * 1e-9, samples));
      } catch (DeadlineTooShort e) {
        answers.add(new Answer((System.nanoTime() - start) * 1e-9, -1));
        Thread.sleep(AFTER_REFUSAL_MILLIS);
      }
    }
    return answers;
  }

  private static double[] times(List<Answer> answers, boolean refused) {
    return answers.stream()
        .filter(answer -> answer.samples() < 0 == refused)
        .mapToDouble(Answer::seconds)
        .sorted()
        .toArray();
  }

  private static String quantiles(double[] sorted, double deadline) {
    return Arrays.toString(
        Arrays.stream(new double[] {0.5, 0.9, 0.99})
            .mapToObj(
                q ->
                    sorted.length == 0
                        ? "-"
                        : "%.3f".formatted(sorted[(int) (q * (sorted.length - 1))] / deadline))
            .toArray());
  }
}
