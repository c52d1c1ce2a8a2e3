// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.perturb.RiseMasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * D-RISE's map, Σ s_i·M_i / Σ M_i. A mask is linear in its lattice bits once its shift is known, so
 * the sums are kept on the lattice, one a shift, and spread over pixels only when a map is wanted:
 * a sample costs side² additions a target instead of one per pixel, and gives the same map.
 *
 * <p>The standard error of the map is taken at probes, the centres of the cells, by the formula for
 * a ratio of means: Σ M²(s − S)² / (Σ M)².
 */
final class RiseEstimator implements Estimator {
  private static final int PHASES = RiseMasks.PHASES;

  private final RiseMasks masks;
  private final RiseMasks.Lattice lattice;
  private final int targets;
  private final long samples;
  private final int points;
  private final double[][] weighted;
  private final double[] plain;
  private final Probes probes;
  private long count;

  RiseEstimator(RiseMasks masks, int targets, long samples) {
    this.masks = masks;
    this.lattice = masks.lattice();
    this.targets = targets;
    this.samples = samples;
    this.points = masks.side() * masks.side();
    this.weighted = new double[targets][PHASES * PHASES * points];
    this.plain = new double[PHASES * PHASES * points];
    this.probes = new Probes();
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public void accept(long first, int added, float[] scores) {
    for (int i = 0; i < added; i++) {
      lattice.draw(first + i);
      int base = (lattice.phaseY() * PHASES + lattice.phaseX()) * points;
      float[] bits = lattice.points();
      add(plain, base, bits, 1);
      for (int t = 0; t < targets; t++) {
        add(weighted[t], base, bits, scores[i * targets + t]);
      }
      probes.add(scores, i * targets);
    }
    count += added;
  }

  private static void add(double[] sums, int base, float[] bits, double factor) {
    for (int p = 0; p < bits.length; p++) {
      sums[base + p] += factor * bits[p];
    }
  }

  /** Σ bits on the lattice, {@code [shift, side, side]}. Not a copy. */
  double[] plain() {
    return plain;
  }

  /** Σ score · bits of a target, likewise. */
  double[] weighted(int target) {
    return weighted[target];
  }

  @Override
  public List<Estimate> estimate(References references) {
    double[] below = spread(plain);
    List<Estimate> estimates = new ArrayList<>();
    for (int t = 0; t < targets; t++) {
      double[] above = spread(weighted[t]);
      float[] map = new float[above.length];
      for (int i = 0; i < map.length; i++) {
        map[i] = below[i] > 0 ? (float) (above[i] / below[i]) : 0;
      }
      estimates.add(
          new Estimate(
              new PixelValues(masks.width(), masks.height(), map, probes.standardError(t), false)));
    }
    return estimates;
  }

  /** From sums on the lattice, one a shift, to sums at pixels: along rows, then down columns. */
  private double[] spread(double[] sums) {
    int side = masks.side();
    int width = masks.width();
    int height = masks.height();
    double[] pixels = new double[width * height];
    double[] rows = new double[side * width];
    for (int phaseY = 0; phaseY < PHASES; phaseY++) {
      Arrays.fill(rows, 0);
      for (int phaseX = 0; phaseX < PHASES; phaseX++) {
        int base = (phaseY * PHASES + phaseX) * points;
        float[] columns = masks.coordinates(width, phaseX);
        for (int r = 0; r < side; r++) {
          for (int x = 0; x < width; x++) {
            int left = (int) columns[x];
            int i = base + r * side + left;
            rows[r * width + x] += sums[i] + (columns[x] - left) * (sums[i + 1] - sums[i]);
          }
        }
      }
      float[] lines = masks.coordinates(height, phaseY);
      for (int y = 0; y < height; y++) {
        int top = (int) lines[y];
        double fy = lines[y] - top;
        for (int x = 0; x < width; x++) {
          double upper = rows[top * width + x];
          pixels[y * width + x] += upper + fy * (rows[(top + 1) * width + x] - upper);
        }
      }
    }
    return pixels;
  }

  /** Sums of the mask's and the score's powers at a few places. */
  private final class Probes {
    private final int side = masks.side() - 2;
    private final float[] mask = new float[side * side];
    private final double[] sums = new double[side * side];
    private final double[] squares = new double[side * side];
    private final double[][] scored = new double[targets][side * side];
    private final double[][] scoredSquares = new double[targets][side * side];
    private final double[][] squaresScored = new double[targets][side * side];

    void add(float[] scores, int offset) {
      float shiftX = (float) lattice.phaseX() / PHASES;
      float shiftY = (float) lattice.phaseY() / PHASES;
      for (int r = 0; r < side; r++) {
        for (int c = 0; c < side; c++) {
          mask[r * side + c] = lattice.at(c + 0.5f + shiftX, r + 0.5f + shiftY);
        }
      }
      for (int p = 0; p < mask.length; p++) {
        double square = (double) mask[p] * mask[p];
        sums[p] += mask[p];
        squares[p] += square;
        for (int t = 0; t < targets; t++) {
          double score = scores[offset + t];
          scored[t][p] += score * mask[p];
          squaresScored[t][p] += score * square;
          scoredSquares[t][p] += score * score * square;
        }
      }
    }

    double standardError(int t) {
      double total = 0;
      for (int p = 0; p < sums.length; p++) {
        double value = scored[t][p] / sums[p];
        double spread =
            scoredSquares[t][p] - 2 * value * squaresScored[t][p] + value * value * squares[p];
        total += Math.sqrt(Math.max(0, spread)) / sums[p];
      }
      return count > 1 ? total / sums.length : Double.NaN;
    }
  }
}
