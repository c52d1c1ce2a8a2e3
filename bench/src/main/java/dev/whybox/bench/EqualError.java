// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Forwards, and seconds for a map of one target, that each estimator needs until its normalised
 * squared error comes down to a goal and stays there. The error is a mean over seeds and a
 * geometric mean over targets and games. Seconds are those of the forwards, {@code
 * -Dforward=MILLISECONDS} each (default 25), and the processor time of the mathematics on one
 * thread. Arguments: seeds, goals with a comma between them, and games as {@link Games} takes them.
 * {@code -Dfitted=PAIRS} is the most that surrogates are fitted to (default 128).
 */
public final class EqualError {
  private static final String[] ESTIMATORS = {
    "kernel", "leverage", "permutation", "trees", "mixture", "gaussian"
  };
  private static final int[] PAIRS = {
    16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 192, 256, 320, 384, 512, 768, 1024
  };
  private static final double FORWARD = Double.parseDouble(System.getProperty("forward", "25"));

  /** Forwards that a pass forward and back to the pixels takes, see bench/README.md. */
  private static final double PASS = 2.2;

  private EqualError() {}

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws IOException where a file can't be read
   */
  public static void main(String[] arguments) throws IOException {
    double[] goals = Stream.of(arguments[1].split(",")).mapToDouble(Double::parseDouble).toArray();
    List<Games> games = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      games.add(Games.of(arguments[i], Integer.parseInt(arguments[0]), PAIRS));
    }
    games.get(0).curve("mixture"); // warms the virtual machine up
    System.out.println("| estimator | error | forwards | mathematics | a map |");
    System.out.println("|---|---|---|---|---|");
    for (String estimator : ESTIMATORS) {
      double[] logs = new double[PAIRS.length];
      double[] seconds = new double[PAIRS.length];
      for (Games game : games) {
        double[][] curve = game.curve(estimator);
        for (int p = 0; p < PAIRS.length; p++) {
          logs[p] += Math.log(curve[0][p]) / games.size();
          seconds[p] += curve[1][p] / games.size();
        }
      }
      for (double goal : goals) {
        print(estimator, goal, logs, seconds);
      }
    }
    games.forEach(Games::close);
  }

  private static void print(String estimator, double goal, double[] logs, double[] seconds) {
    int found = -1;
    for (int p = PAIRS.length - 1; p >= 0 && !(logs[p] > Math.log(goal)); p--) {
      found = Double.isNaN(logs[p]) ? found : p;
    }
    if (found < 0) {
      System.out.printf("| %s | %s | not reached | | |%n", estimator, goal);
      return;
    }
    boolean hinted = estimator.equals("gaussian") || estimator.equals("mixture");
    int forwards = 2 * PAIRS[found] + 2;
    double all = (forwards + (hinted ? PASS : 0)) * FORWARD * 1e-3 + seconds[found];
    System.out.printf(
        "| %s | %s | %d%s | %.3f s | %.2f s |%n",
        estimator, goal, forwards, hinted ? " and a pass back" : "", seconds[found], all);
  }
}
