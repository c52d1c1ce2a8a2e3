// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.verify;

import dev.whybox.verify.GpuCheck.Measured;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Runs checks one after the other; a failed check does not stop the others. */
public final class Verification {
  private Verification() {}

  /**
   * Runs checks.
   *
   * @param checks the checks
   * @param lines receives one line per check, and a last line with the number of failures
   * @return the number of failed checks
   */
  public static int run(List<GpuCheck> checks, Consumer<String> lines) {
    int failed = 0;
    for (GpuCheck check : checks) {
      String result;
      boolean passed = false;
      try {
        Measured measured = check.run();
        passed = measured.passed();
        result =
            String.format(
                Locale.ROOT,
                "%.3g %s (%s %.3g)",
                measured.value(),
                measured.unit(),
                measured.atLeast() ? "at least" : "at most",
                measured.bound());
      } catch (RuntimeException e) {
        result = String.valueOf(e.getMessage());
      }
      failed += passed ? 0 : 1;
      lines.accept("%-6s  %-44s  %s".formatted(passed ? "ok" : "FAILED", check.name(), result));
    }
    lines.accept(
        failed == 0
            ? "All %d checks passed.".formatted(checks.size())
            : "%d of %d checks failed.".formatted(failed, checks.size()));
    return failed;
  }
}
