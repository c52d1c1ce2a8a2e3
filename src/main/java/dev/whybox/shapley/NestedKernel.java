// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.shapley.Hierarchy.Group;
import dev.whybox.shapley.Hierarchy.Leaf;
import java.util.List;

/**
 * The product kernel, and what the functionals of the nested Owen values of a {@link Hierarchy}
 * make of it. Player j's is the mean of f(S+j) − f(S), where on each level the siblings of the
 * group that holds j are in S, each as a whole, with a probability t of their own level, uniform on
 * [0,1]. Of a product all is a product over levels of integrals over one t, polynomials of a low
 * degree; so a tree of small groups costs less than as many players side by side.
 *
 * <p>L_j of the even part is 0 here too: the reverse of an order that keeps groups together keeps
 * them together.
 */
final class NestedKernel extends ProductKernel {
  private static final int MOST_NODES = 32;

  private final Node root;

  /** A kernel with one inverse length per player, all above 0. */
  NestedKernel(double[] lengths, Hierarchy hierarchy) {
    super(lengths);
    this.root = new Node(hierarchy);
    if (hierarchy.players().size() != lengths.length) {
      throw new IllegalArgumentException(
          "the tree must have " + lengths.length + " players, but has " + hierarchy.players());
    }
  }

  /** A node and what is worked out at it; for one thread at a time. */
  private final class Node {
    private final int player;
    private final Node[] members;
    private final GaussLegendre rule;

    /** The kernel's factor over all players of this node, where they are present, and absent. */
    private double present;

    private double absent;

    /** exp(−Σℓ) of its players. */
    private final double decay;

    /** Its players, and of each its functional within this node, of a kernel at all present. */
    private final int[] players;

    private final double[] parts;

    Node(Hierarchy hierarchy) {
      this.player = hierarchy instanceof Leaf leaf ? leaf.player() : -1;
      List<Hierarchy> inner = hierarchy instanceof Group group ? group.members() : List.of();
      this.members = inner.stream().map(Node::new).toArray(Node[]::new);
      this.players = hierarchy.players().stream().mapToInt(k -> k).toArray();
      this.parts = new double[players.length];
      if (player >= 0) {
        this.rule = null;
        this.decay = decay(player);
        parts[0] = 1 - decay;
        return;
      }
      this.rule = new GaussLegendre(Math.min(MOST_NODES, (members.length + 1) / 2));
      double product = 1;
      for (Node member : members) {
        product *= member.decay;
        member.present = 1;
        member.absent = member.decay;
      }
      this.decay = product;
      double[] shares = shares();
      int at = 0;
      for (int m = 0; m < members.length; m++) {
        for (double part : members[m].parts) {
          parts[at++] = shares[m] * part;
        }
      }
    }

    /** Of each member m the integral over t of Π_{others} (t·present + (1−t)·absent). */
    private double[] shares() {
      double[] result = new double[members.length];
      double[] after = new double[members.length + 1];
      for (int n = 0; n < rule.nodes.length; n++) {
        double t = rule.nodes[n];
        // Products from the right, then from the left: a factor may be 0 by underflow.
        after[members.length] = rule.weights[n];
        for (int m = members.length - 1; m > 0; m--) {
          after[m] = after[m + 1] * (t * members[m].present + (1 - t) * members[m].absent);
        }
        double before = 1;
        for (int m = 0; m < members.length; m++) {
          result[m] += before * after[m + 1];
          before *= t * members[m].present + (1 - t) * members[m].absent;
        }
      }
      return result;
    }

    private void look(double[] signs) {
      if (player >= 0) {
        present = signs[player] > 0 ? 1 : decay;
        absent = signs[player] > 0 ? decay : 1;
        return;
      }
      present = 1;
      absent = 1;
      for (Node member : members) {
        member.look(signs);
        present *= member.present;
        absent *= member.absent;
      }
    }

    private void values(double weight, double[] result) {
      if (player >= 0) {
        result[player] = weight * (present - absent);
        return;
      }
      double[] shares = shares();
      for (int m = 0; m < members.length; m++) {
        members[m].values(weight * shares[m], result);
      }
    }

    /** Fills in L_j L_j k of this node's players. */
    private void variances(double weight, double[] result) {
      if (player >= 0) {
        result[player] = weight * 2 * (1 - decay);
        return;
      }
      double[] together = new double[members.length];
      for (int n = 0; n < rule.nodes.length; n++) {
        for (int o = 0; o < rule.nodes.length; o++) {
          double t = rule.nodes[n];
          double u = rule.nodes[o];
          double same = t * u + (1 - t) * (1 - u);
          double product = rule.weights[n] * rule.weights[o];
          for (Node member : members) {
            product *= same + (1 - same) * member.decay;
          }
          for (int m = 0; m < members.length; m++) {
            together[m] += product / (same + (1 - same) * members[m].decay);
          }
        }
      }
      for (int m = 0; m < members.length; m++) {
        members[m].variances(weight * together[m], result);
      }
    }

    /**
     * Fills in L_j L_l k of this node's players. Levels above, which they share, are in the weight.
     * Where they part, the group of either is as a whole present or absent to the other.
     */
    private void covariance(double weight, double[][] result) {
      if (player >= 0) {
        result[player][player] = weight * 2 * (1 - decay);
        return;
      }
      double[] together = new double[members.length];
      double[][] apart = new double[members.length][members.length];
      double[] factors = new double[members.length];
      for (int n = 0; n < rule.nodes.length; n++) {
        for (int o = 0; o < rule.nodes.length; o++) {
          double t = rule.nodes[n];
          double u = rule.nodes[o];
          double same = t * u + (1 - t) * (1 - u);
          double product = rule.weights[n] * rule.weights[o];
          for (int m = 0; m < members.length; m++) {
            factors[m] = same + (1 - same) * members[m].decay;
            product *= factors[m];
          }
          double cross = product * (2 * t - 1) * (2 * u - 1);
          for (int m = 0; m < members.length; m++) {
            together[m] += product / factors[m];
            for (int l = 0; l < m; l++) {
              apart[m][l] += cross / (factors[m] * factors[l]);
            }
          }
        }
      }
      for (int m = 0; m < members.length; m++) {
        Node one = members[m];
        one.covariance(weight * together[m], result);
        for (int l = 0; l < m; l++) {
          Node other = members[l];
          for (int j = 0; j < one.players.length; j++) {
            for (int k = 0; k < other.players.length; k++) {
              double value = weight * apart[m][l] * one.parts[j] * other.parts[k];
              result[one.players[j]][other.players[k]] = value;
              result[other.players[k]][one.players[j]] = value;
            }
          }
        }
      }
    }
  }

  /** L_j L_j k for all players j: the diagonal of {@link #covariance} alone. */
  double[] variances() {
    double[] result = new double[players()];
    root.variances(1, result);
    return result;
  }

  @Override
  double[] values(double[] signs) {
    double[] result = new double[players()];
    root.look(signs);
    root.values(1, result);
    return result;
  }

  @Override
  double[][] values(double[][] columns) {
    double[][] result = new double[players()][columns[0].length];
    double[] signs = new double[players()];
    for (int i = 0; i < result[0].length; i++) {
      for (int k = 0; k < signs.length; k++) {
        signs[k] = columns[k][i];
      }
      double[] found = values(signs);
      for (int k = 0; k < signs.length; k++) {
        result[k][i] = found[k];
      }
    }
    return result;
  }

  @Override
  double[][] covariance() {
    double[][] result = new double[players()][players()];
    root.covariance(1, result);
    return result;
  }
}
