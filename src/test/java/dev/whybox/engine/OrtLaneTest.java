// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.EngineFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrtLaneTest {
  /** More than an int of bytes, more than a long of values, more than a long of bytes only. */
  @ParameterizedTest
  @ValueSource(longs = {1L << 31, Long.MAX_VALUE, 1L << 62})
  void aTensorThatIsTooLargeIsAnErrorThatSaysSo(long values) {
    EngineFailure e =
        assertThrows(EngineFailure.class, () -> OrtLane.floats(new long[] {values, 2}));
    assertTrue(e.getMessage().contains("2047 MiB"), e.getMessage());
  }
}
