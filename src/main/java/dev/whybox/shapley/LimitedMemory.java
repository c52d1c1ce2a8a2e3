// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * L-BFGS (Liu and Nocedal 1989): the minimum of a smooth function by its gradient and the last few
 * steps.
 */
final class LimitedMemory {
  private static final int MEMORY = 8;
  private static final double ENOUGH = 1e-4;
  private static final double CONVERGED = 1e-5;
  private static final int HALVINGS = 12;

  private LimitedMemory() {}

  /** A function to be minimised. */
  @FunctionalInterface
  interface Loss {
    /** The value, infinity outside the domain; overwrites the gradient. */
    double value(double[] at, double[] gradient);
  }

  private record Move(double[] step, double[] change, double inverse) {}

  static double[] minimise(Loss loss, double[] start, int steps) {
    double[] at = start.clone();
    double[] gradient = new double[at.length];
    double value = loss.value(at, gradient);
    Deque<Move> moves = new ArrayDeque<>();
    for (int step = 0; step < steps && Double.isFinite(value); step++) {
      double[] direction = direction(gradient, moves);
      double slope = dot(direction, gradient);
      double length = moves.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
      double[] next = new double[at.length];
      double[] nextGradient = new double[at.length];
      double nextValue = Double.POSITIVE_INFINITY;
      for (int half = 0; half < HALVINGS; half++, length /= 2) {
        for (int i = 0; i < at.length; i++) {
          next[i] = at[i] + length * direction[i];
        }
        nextValue = loss.value(next, nextGradient);
        if (nextValue <= value + ENOUGH * length * slope) {
          break;
        }
      }
      if (!(nextValue < value)) {
        break;
      }
      double[] moved = difference(next, at);
      double[] change = difference(nextGradient, gradient);
      double curvature = dot(moved, change);
      if (curvature > 1e-12) {
        moves.addFirst(new Move(moved, change, 1 / curvature));
        if (moves.size() > MEMORY) {
          moves.removeLast();
        }
      }
      boolean converged = value - nextValue < CONVERGED * (1 + Math.abs(value));
      at = next;
      gradient = nextGradient;
      value = nextValue;
      if (converged) {
        break;
      }
    }
    return at;
  }

  private static double[] direction(double[] gradient, Deque<Move> moves) {
    double[] result = gradient.clone();
    double[] shares = new double[moves.size()];
    int m = 0;
    for (Move move : moves) {
      shares[m] = move.inverse() * dot(move.step(), result);
      add(result, -shares[m++], move.change());
    }
    if (!moves.isEmpty()) {
      Move last = moves.getFirst();
      double factor = 1 / (last.inverse() * dot(last.change(), last.change()));
      for (int i = 0; i < result.length; i++) {
        result[i] *= factor;
      }
    }
    for (Iterator<Move> it = moves.descendingIterator(); it.hasNext(); ) {
      Move move = it.next();
      add(result, shares[--m] - move.inverse() * dot(move.change(), result), move.step());
    }
    for (int i = 0; i < result.length; i++) {
      result[i] = -result[i];
    }
    return result;
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static double[] difference(double[] a, double[] b) {
    double[] result = new double[a.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = a[i] - b[i];
    }
    return result;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
