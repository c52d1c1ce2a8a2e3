// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.List;

/**
 * What became of one method of several: its explanations, or why there are none. A method that
 * fails takes nothing from the others.
 */
public sealed interface Outcome {

  /**
   * The method answered.
   *
   * @param explanations one per target, in the order of the targets
   */
  record Found(List<Explanation> explanations) implements Outcome {}

  /**
   * The method failed.
   *
   * @param reason usually a {@link dev.whybox.error.WhyboxException}
   */
  record Failed(RuntimeException reason) implements Outcome {}

  /**
   * The explanations of a method that must have answered.
   *
   * @return one per target
   * @throws RuntimeException the reason, where the method failed
   */
  default List<Explanation> orThrow() {
    if (this instanceof Failed failed) {
      throw failed.reason();
    }
    return ((Found) this).explanations();
  }
}
