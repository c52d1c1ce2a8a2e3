// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * {@link GaussianProcess} as a surrogate: the posterior mean. Its predictions of pairs left out are
 * in closed form, with lengths fitted to all pairs.
 */
public final class ProcessFamily implements SurrogateFamily {
  private final Supplier<GaussianProcess> processes;

  /**
   * A family.
   *
   * @param hints see {@link GaussianProcess}
   */
  public ProcessFamily(double[]... hints) {
    double[][] copies = Arrays.stream(hints).map(double[]::clone).toArray(double[][]::new);
    this.processes = () -> new GaussianProcess(copies);
  }

  /**
   * A family whose values are the nested Owen values of a tree.
   *
   * @param hierarchy the tree
   * @param sizes see {@link GaussianProcess}
   * @param hints see {@link GaussianProcess}
   */
  public ProcessFamily(Hierarchy hierarchy, double[] sizes, double[]... hints) {
    double[] kept = sizes.clone();
    double[][] copies = Arrays.stream(hints).map(double[]::clone).toArray(double[][]::new);
    this.processes = () -> new GaussianProcess(hierarchy, kept, copies);
  }

  @Override
  public Fit fit(ComplementPairs scores) {
    GaussianProcess fitted = processes.get();
    ShapleyValues found = fitted.estimate(scores);
    AntisymmetricProcess process = fitted.process();
    double[] leftOut = new double[scores.pairs() - 1];
    double[][] errors = process == null ? new double[leftOut.length][2] : process.leaveOneOut();
    for (int i = 0; i < leftOut.length; i++) {
      leftOut[i] = scores.odd()[i + 1] - errors[i][0];
    }
    return new Fit(new Mean(process, scores.players()), leftOut, found.covariance());
  }

  /** The posterior mean; 0 where there was nothing to fit. */
  private record Mean(AntisymmetricProcess process, int players) implements Surrogate {
    @Override
    public double odd(double[] signs) {
      return process == null ? 0 : process.mean(signs);
    }

    @Override
    public double[] values() {
      return process == null ? new double[players] : process.values();
    }
  }
}
