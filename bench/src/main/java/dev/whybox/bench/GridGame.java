// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.shapley.GaussLegendre;
import dev.whybox.shapley.Hierarchy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A game on a square grid like a detector's score, σ(b + Σ w_k z_k) · (1 − h Π (1 − q_k z_k)): an
 * object whose cells count, one part of which must be seen, and surroundings that count little.
 *
 * <p>Its values are exact for any number of cells. On the range of its argument σ is a Fourier
 * series, so the game is a sum of products over cells, of complex factors; and of a product the
 * nested Owen values of a tree are products over levels of integrals of polynomials, on which Gauss
 * and Legendre's rule is exact. In a flat tree they are Shapley values.
 */
final class GridGame {
  /** A period in which σ rises and falls again, each far from the other. */
  private static final double PERIOD = 80;

  private static final int SAMPLES = 512;

  /** Fourier coefficients below this are rounding. */
  private static final double NOTHING = 1e-11;

  /** What is integrated is smooth: more nodes change nothing, as the sum of the values shows. */
  private static final int MOST_NODES = 160;

  private final int cells;
  private final double[] weights;
  private final double shift;
  private final double need;
  private final double[] part;
  private final double[] box = new double[4];

  /**
   * A game.
   *
   * @param side cells along each side
   * @param area of the object, in parts of the picture
   * @param need h: 0 for a game without the part
   * @param context Σ|w| of the surroundings; of the object it is 6 to 8
   */
  GridGame(int side, double area, double need, double context, long seed) {
    Random random = new Random(seed);
    this.cells = side * side;
    this.weights = new double[cells];
    this.part = new double[cells];
    this.need = need;
    double x0 = 0.3 + 0.4 * random.nextDouble();
    double y0 = 0.3 + 0.4 * random.nextDouble();
    double aspect = Math.exp(0.3 * random.nextGaussian());
    double rx = Math.sqrt(area / Math.PI) * aspect;
    double ry = Math.sqrt(area / Math.PI) / aspect;
    double[][] waves = new double[8][3];
    for (double[] wave : waves) {
      Arrays.setAll(wave, i -> 12 * random.nextGaussian());
    }
    double angle = 2 * Math.PI * random.nextDouble();
    double inside = 0;
    double outside = 0;
    for (int k = 0; k < cells; k++) {
      double x = (k % side + 0.5) / side;
      double y = (k / side + 0.5) / side;
      double rough = random.nextGaussian();
      double px = (x - x0) / rx - 0.5 * Math.cos(angle);
      double py = (y - y0) / ry - 0.5 * Math.sin(angle);
      part[k] = 1 - Math.exp(-225 / area / cells * Math.exp(-(px * px + py * py) / 0.18));
      if (Math.hypot((x - x0) / rx, (y - y0) / ry) < 1) {
        double field = rough / 2;
        for (double[] wave : waves) {
          field += Math.cos(wave[0] * x + wave[1] * y + wave[2]) / 2;
        }
        weights[k] = Math.exp(field);
        inside += weights[k];
      } else {
        weights[k] = -rough;
        outside += Math.abs(rough);
      }
    }
    double strength = 6 + 2 * random.nextDouble();
    for (int k = 0; k < cells; k++) {
      double x = (k % side + 0.5) / side;
      double y = (k / side + 0.5) / side;
      boolean object = Math.hypot((x - x0) / rx, (y - y0) / ry) < 1;
      weights[k] *= object ? strength / inside : context / outside;
    }
    this.shift = -strength / 2 - random.nextDouble();
    box[0] = Math.max(0, x0 - rx);
    box[1] = Math.max(0, y0 - ry);
    box[2] = Math.min(1, x0 + rx);
    box[3] = Math.min(1, y0 + ry);
  }

  /** The object's box, x1, y1, x2, y2 in parts of the picture. */
  double[] box() {
    return box.clone();
  }

  /** The score of cells, each there where it is above ½. */
  double score(double[] there) {
    double sum = shift;
    double missing = 1;
    for (int k = 0; k < cells; k++) {
      if (there[k] > 0.5) {
        sum += weights[k];
        missing *= 1 - part[k];
      }
    }
    return (1 - need * missing) / (1 + Math.exp(-sum));
  }

  /** Nested Owen values of a tree whose players are the cells. */
  double[] values(Hierarchy tree) {
    double[] result = new double[cells];
    double[] wave = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      // From −P/4 to 3P/4: it rises at 0 and falls at P/2.
      double s = PERIOD * i / SAMPLES - PERIOD / 4;
      for (int turn = -1; turn <= 1; turn++) {
        double at = s + turn * PERIOD;
        wave[i] += 1 / (1 + Math.exp(-at)) / (1 + Math.exp(at - PERIOD / 2));
      }
    }
    for (int f = 0; f < SAMPLES / 2; f++) {
      double re = 0;
      double im = 0;
      for (int i = 0; i < SAMPLES; i++) {
        double turn = -2 * Math.PI * f * i / SAMPLES;
        re += wave[i] * Math.cos(turn) / SAMPLES;
        im += wave[i] * Math.sin(turn) / SAMPLES;
      }
      if (Math.hypot(re, im) < NOTHING) {
        continue;
      }
      // The game is real: the negative frequencies are the conjugates of these.
      double twice = f == 0 ? 1 : 2;
      double frequency = 2 * Math.PI * f / PERIOD;
      double phase = frequency * (shift + PERIOD / 4);
      Complex all =
          new Complex(twice * re, twice * im).times(new Complex(Math.cos(phase), Math.sin(phase)));
      for (int sign = 1; sign >= (need == 0 ? 1 : -1); sign -= 2) {
        Complex[] factors = new Complex[cells];
        for (int k = 0; k < cells; k++) {
          double size = sign > 0 ? 1 : 1 - part[k];
          double turn = frequency * weights[k];
          factors[k] = new Complex(size * Math.cos(turn), size * Math.sin(turn));
        }
        double weight = sign > 0 ? 1 : -need;
        new Node(tree, factors).add(all.times(new Complex(weight, 0)), result);
      }
    }
    return result;
  }

  /** The same by enumeration: every member of a node after every subset of its siblings. */
  double[] enumerated(Hierarchy tree) {
    double[] result = new double[cells];
    enumerate(tree, new double[cells], 1, result);
    return result;
  }

  private void enumerate(Hierarchy at, double[] there, double weight, double[] result) {
    if (at instanceof Hierarchy.Leaf leaf) {
      double[] with = there.clone();
      with[leaf.player()] = 1;
      result[leaf.player()] += weight * (score(with) - score(there));
      return;
    }
    List<Hierarchy> members = ((Hierarchy.Group) at).members();
    int count = members.size();
    for (int m = 0; m < count; m++) {
      for (int subset = 0; subset < 1 << count; subset++) {
        if ((subset >> m & 1) == 1) {
          continue;
        }
        double[] with = there.clone();
        double orders = 1.0 / count;
        int before = Integer.bitCount(subset);
        for (int i = 0; i < before; i++) {
          orders *= (double) (before - i) / (count - 1 - i);
        }
        for (int s = 0; s < count; s++) {
          if ((subset >> s & 1) == 1) {
            fill(members.get(s), with);
          }
        }
        enumerate(members.get(m), with, weight * orders, result);
      }
    }
  }

  private static void fill(Hierarchy at, double[] there) {
    if (at instanceof Hierarchy.Leaf leaf) {
      there[leaf.player()] = 1;
    } else {
      ((Hierarchy.Group) at).members().forEach(member -> fill(member, there));
    }
  }

  private record Complex(double re, double im) {
    static final Complex ONE = new Complex(1, 0);

    Complex times(Complex other) {
      return new Complex(re * other.re - im * other.im, re * other.im + im * other.re);
    }

    Complex plus(Complex other) {
      return new Complex(re + other.re, im + other.im);
    }

    /** t times this and 1−t times 1: a factor of who is there with the probability t. */
    Complex mixed(double t) {
      return new Complex(t * re + 1 - t, t * im);
    }
  }

  /** A node of the tree, and the product of its players' factors where all are there. */
  private static final class Node {
    private final int player;
    private final List<Node> members = new ArrayList<>();
    private final Complex present;

    Node(Hierarchy at, Complex[] factors) {
      if (at instanceof Hierarchy.Leaf leaf) {
        player = leaf.player();
        present = factors[player];
        return;
      }
      player = -1;
      Complex product = Complex.ONE;
      for (Hierarchy member : ((Hierarchy.Group) at).members()) {
        Node inner = new Node(member, factors);
        members.add(inner);
        product = product.times(inner.present);
      }
      present = product;
    }

    void add(Complex weight, double[] values) {
      if (player >= 0) {
        values[player] += weight.times(new Complex(present.re - 1, present.im)).re;
        return;
      }
      int count = members.size();
      GaussLegendre rule = new GaussLegendre(Math.min(MOST_NODES, (count + 1) / 2));
      double[] nodes = rule.nodes();
      double[] parts = rule.weights();
      Complex[] shares = new Complex[count];
      Arrays.fill(shares, new Complex(0, 0));
      Complex[] after = new Complex[count + 1];
      for (int n = 0; n < nodes.length; n++) {
        double t = nodes[n];
        after[count] = new Complex(parts[n], 0);
        for (int m = count - 1; m > 0; m--) {
          after[m] = after[m + 1].times(members.get(m).present.mixed(t));
        }
        Complex before = Complex.ONE;
        for (int m = 0; m < count; m++) {
          shares[m] = shares[m].plus(before.times(after[m + 1]));
          before = before.times(members.get(m).present.mixed(t));
        }
      }
      for (int m = 0; m < count; m++) {
        members.get(m).add(weight.times(shares[m]), values);
      }
    }
  }
}
