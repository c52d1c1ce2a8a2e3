// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

/**
 * Interpolates between two saturated colours through an unsaturated middle. This is Moreland's
 * method in Msh, his polar form of CIELAB ("Diverging color maps for scientific visualization
 * (expanded)", 2009, section 5 and appendix).
 */
final class CoolWarm {
  /** Hues with a smaller difference than this count as one hue. */
  private static final double SAME_HUE = Math.PI / 3;

  /** Below this saturation a colour has no hue of its own. */
  private static final double UNSATURATED = 0.05;

  /** The smallest magnitude M of the middle colour. */
  private static final double MIDDLE = 88;

  /** The white point of sRGB, D65. */
  private static final double[] WHITE = {0.9505, 1, 1.089};

  private CoolWarm() {}

  /** The colour at t in [0,1] between two {@code 0xRRGGBB} colours. */
  static int between(int low, int high, double t) {
    double[] a = msh(low);
    double[] b = msh(high);
    if (a[1] > UNSATURATED && b[1] > UNSATURATED && angle(a[2], b[2]) > SAME_HUE) {
      double middle = Math.max(Math.max(a[0], b[0]), MIDDLE);
      if (t < 0.5) {
        b = new double[] {middle, 0, 0};
        t = 2 * t;
      } else {
        a = new double[] {middle, 0, 0};
        t = 2 * t - 1;
      }
    }
    if (a[1] < UNSATURATED && b[1] > UNSATURATED) {
      a[2] = spunHue(b, a[0]);
    } else if (b[1] < UNSATURATED && a[1] > UNSATURATED) {
      b[2] = spunHue(a, b[0]);
    }
    return rgb(
        new double[] {
          a[0] * (1 - t) + b[0] * t, a[1] * (1 - t) + b[1] * t, a[2] * (1 - t) + b[2] * t
        });
  }

  /** The hue of the unsaturated end that makes the steps even; Moreland's AdjustHue. */
  private static double spunHue(double[] saturated, double magnitude) {
    if (saturated[0] >= magnitude) {
      return saturated[2];
    }
    double spin =
        saturated[1]
            * Math.sqrt(magnitude * magnitude - saturated[0] * saturated[0])
            / (saturated[0] * Math.sin(saturated[1]));
    return saturated[2] > -Math.PI / 3 ? saturated[2] + spin : saturated[2] - spin;
  }

  private static double angle(double a, double b) {
    double d = Math.abs(a - b) % (2 * Math.PI);
    return Math.min(d, 2 * Math.PI - d);
  }

  private static double[] msh(int color) {
    double[] lab = lab(color);
    double m = Math.sqrt(lab[0] * lab[0] + lab[1] * lab[1] + lab[2] * lab[2]);
    return new double[] {m, m > 0 ? Math.acos(lab[0] / m) : 0, Math.atan2(lab[2], lab[1])};
  }

  /** CIELAB of an sRGB colour: lightness L* in [0,100], a*, b*. */
  static double[] lab(int color) {
    double r = linear(Rgb.red(color) / 255.0);
    double g = linear(Rgb.green(color) / 255.0);
    double b = linear(Rgb.blue(color) / 255.0);
    double x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / WHITE[0]);
    double y = f((0.2126 * r + 0.7152 * g + 0.0722 * b) / WHITE[1]);
    double z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / WHITE[2]);
    return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
  }

  private static int rgb(double[] msh) {
    double l = msh[0] * Math.cos(msh[1]);
    double a = msh[0] * Math.sin(msh[1]) * Math.cos(msh[2]);
    double b = msh[0] * Math.sin(msh[1]) * Math.sin(msh[2]);
    double fy = (l + 16) / 116;
    double x = WHITE[0] * inverseF(fy + a / 500);
    double y = WHITE[1] * inverseF(fy);
    double z = WHITE[2] * inverseF(fy - b / 200);
    return Rgb.of(
        sample(3.2406 * x - 1.5372 * y - 0.4986 * z),
        sample(-0.9689 * x + 1.8758 * y + 0.0415 * z),
        sample(0.0557 * x - 0.2040 * y + 1.0570 * z));
  }

  private static double f(double t) {
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
  }

  private static double inverseF(double f) {
    return f > 0.206893 ? f * f * f : (f - 16.0 / 116) / 7.787;
  }

  private static double linear(double s) {
    return s > 0.04045 ? Math.pow((s + 0.055) / 1.055, 2.4) : s / 12.92;
  }

  private static int sample(double linear) {
    double s = linear > 0.0031308 ? 1.055 * Math.pow(linear, 1 / 2.4) - 0.055 : 12.92 * linear;
    return (int) Math.round(255 * Math.min(Math.max(s, 0), 1));
  }
}
