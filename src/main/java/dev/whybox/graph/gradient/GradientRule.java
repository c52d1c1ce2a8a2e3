// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

/**
 * How a gradient passes through one kind of operator: reads the gradient of a node's outputs and
 * gives the gradient of those inputs that need one.
 */
@FunctionalInterface
interface GradientRule {

  /** Writes the nodes. */
  void apply(Step step);
}
