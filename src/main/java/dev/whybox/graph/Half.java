// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

/** Converts IEEE 754 binary16 (float16), for which Java 17 has no type. */
final class Half {
  private Half() {}

  /** Rounds to the nearest value, ties to even; overflow gives infinity. */
  static short bits(double value) {
    int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
    if (Double.isNaN(value)) {
      return 0x7e00;
    }
    double magnitude = Math.abs(value);
    if (magnitude >= 65520) {
      return (short) (sign | 0x7c00);
    }
    int exponent = Math.max(-14, Math.getExponent(magnitude));
    int mantissa = (int) Math.rint(Math.scalb(magnitude, 10 - exponent));
    return (short) (sign + ((exponent + 14) << 10) + mantissa);
  }

  static double value(short bits) {
    int exponent = bits >>> 10 & 31;
    int mantissa = bits & 1023;
    double magnitude =
        exponent == 31
            ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? Math.scalb((double) mantissa, -24)
                : Math.scalb(1024.0 + mantissa, exponent - 25);
    return bits < 0 ? -magnitude : magnitude;
  }
}
