// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Forwards, and seconds for a map of one target, that each estimator needs until its normalised
 * squared error, a mean over stored games, targets and seeds, comes down to 0.01 and to 0.001 and
 * stays there. Seconds are those of the forwards, {@code -Dforward=MILLISECONDS} each (default 25),
 * and the measured time of the mathematics. Arguments: seeds and files of {@link StoredGame} with
 * all coalitions. {@code -Dfitted=PAIRS} is the most that surrogates are fitted to (default 128).
 */
public final class EqualError {
  private static final String[] ESTIMATORS = {
    "kernel", "leverage", "permutation", "trees", "mixture", "gaussian"
  };
  private static final int[] PAIRS = {
    16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 192, 256, 320, 384, 512, 768, 1024
  };
  private static final double[] GOALS = {0.01, 0.001};
  private static final double FORWARD = Double.parseDouble(System.getProperty("forward", "25"));

  private EqualError() {}

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws IOException where a file can't be read
   */
  public static void main(String[] arguments) throws IOException {
    List<Games> games = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      StoredGame stored = StoredGame.read(Path.of(arguments[i]));
      games.add(new Games(stored, null, Integer.parseInt(arguments[0]), PAIRS));
    }
    games.get(0).curve("mixture"); // warms the virtual machine up
    System.out.println("| estimator | error | forwards | mathematics | a map |");
    System.out.println("|---|---|---|---|---|");
    for (String estimator : ESTIMATORS) {
      double[][] mean = new double[2][PAIRS.length];
      for (Games game : games) {
        double[][] curve = game.curve(estimator);
        for (int p = 0; p < PAIRS.length; p++) {
          mean[0][p] += curve[0][p] / games.size();
          mean[1][p] += curve[1][p] / games.size();
        }
      }
      for (double goal : GOALS) {
        print(estimator, goal, mean);
      }
    }
  }

  private static void print(String estimator, double goal, double[][] mean) {
    int found = -1;
    for (int p = PAIRS.length - 1; p >= 0 && !(mean[0][p] > goal); p--) {
      found = Double.isNaN(mean[0][p]) ? found : p;
    }
    if (found < 0) {
      System.out.printf("| %s | %s | not reached | | |%n", estimator, goal);
      return;
    }
    int forwards = 2 * PAIRS[found] + 2;
    System.out.printf(
        "| %s | %s | %d | %.3f s | %.2f s |%n",
        estimator, goal, forwards, mean[1][found], forwards * FORWARD * 1e-3 + mean[1][found]);
  }
}
