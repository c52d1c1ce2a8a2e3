// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

/** Whybox's binary16, for tests of other packages. */
public final class HalfBits {
  private HalfBits() {}

  /** The bits of the nearest half. */
  public static short of(float value) {
    return Half.bits(value);
  }

  /** The value of a half. */
  public static float value(short bits) {
    return (float) Half.value(bits);
  }
}
