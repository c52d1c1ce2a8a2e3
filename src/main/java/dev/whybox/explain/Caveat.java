// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.Optional;

/** A warning that a reader needs before trusting a map. */
@FunctionalInterface
public interface Caveat {

  /**
   * Decides whether the caveat applies to an explanation.
   *
   * @param why the explanation
   * @return a clause without a full stop; empty if the caveat does not apply
   */
  Optional<String> of(Explanation why);

  /**
   * A caveat that always applies.
   *
   * @param clause the warning, without a full stop
   * @return the caveat
   */
  static Caveat always(String clause) {
    return why -> Optional.of(clause);
  }
}
