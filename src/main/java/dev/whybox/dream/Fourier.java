// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import java.util.Arrays;

/**
 * The two-dimensional discrete Fourier transform of real planes, scaled by 1/√(height · width). A
 * plane has {@code height × width} values. A spectrum has {@code height × (width / 2 + 1)} complex
 * numbers; the other columns are their mirror images, so they are not stored. All real parts come
 * first, row by row, then all imaginary parts. Any size works; sizes with small prime factors are
 * fast. For one thread at a time.
 *
 * <p>A transform over the row index works on whole rows at once, so the compiler can use vector
 * instructions. For the column index the plane is transposed first.
 */
final class Fourier {
  private final int height;
  private final int width;
  private final int columns;
  private final float scale;
  private final Pass vertical;
  private final Pass horizontal;

  Fourier(int height, int width) {
    this.height = height;
    this.width = width;
    this.columns = width / 2 + 1;
    this.scale = (float) (1 / StrictMath.sqrt((double) height * width));
    this.vertical = new Pass(height, columns);
    this.horizontal = new Pass(width, height);
  }

  /** The number of columns of a spectrum. */
  int columns() {
    return columns;
  }

  /** The number of values of a spectrum; real and imaginary parts count as two. */
  int size() {
    return 2 * height * columns;
  }

  /**
   * Computes the plane Re Σ z(k,l) · exp(2πi (ky/height + lx/width)) / √(height · width).
   *
   * @param spectrum holds the spectrum from index {@code from} on
   * @param plane receives the plane from index {@code to} on
   */
  void inverse(float[] spectrum, int from, float[] plane, int to) {
    int half = height * columns;
    System.arraycopy(spectrum, from, vertical.re, 0, half);
    System.arraycopy(spectrum, from + half, vertical.im, 0, half);
    vertical.run(1);
    Arrays.fill(horizontal.re, 0);
    Arrays.fill(horizontal.im, 0);
    transpose(vertical.outRe, horizontal.re, height, columns);
    transpose(vertical.outIm, horizontal.im, height, columns);
    horizontal.run(1);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        plane[to + y * width + x] = scale * horizontal.outRe[x * height + y];
      }
    }
  }

  /**
   * The adjoint of {@link #inverse}: it turns a gradient with respect to the plane into one with
   * respect to the spectrum. It is the forward transform, restricted to the stored half.
   *
   * @param plane holds the plane from index {@code from} on
   * @param spectrum receives the spectrum from index {@code to} on
   */
  void adjoint(float[] plane, int from, float[] spectrum, int to) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        horizontal.re[x * height + y] = scale * plane[from + y * width + x];
      }
    }
    Arrays.fill(horizontal.im, 0);
    horizontal.run(-1);
    transpose(horizontal.outRe, vertical.re, columns, height);
    transpose(horizontal.outIm, vertical.im, columns, height);
    vertical.run(-1);
    int half = height * columns;
    System.arraycopy(vertical.outRe, 0, spectrum, to, half);
    System.arraycopy(vertical.outIm, 0, spectrum, to + half, half);
  }

  private static void transpose(float[] from, float[] to, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        to[j * rows + i] = from[i * columns + j];
      }
    }
  }

  /** Transforms {@code n} rows of {@code length} numbers over the row index, without scaling. */
  private static final class Pass {
    private final int n;
    private final int length;
    private final float[] cos;
    private final float[] sin;
    private final float[] scratchRe;
    private final float[] scratchIm;
    final float[] re;
    final float[] im;
    final float[] outRe;
    final float[] outIm;

    Pass(int n, int length) {
      this.n = n;
      this.length = length;
      this.cos = new float[n];
      this.sin = new float[n];
      for (int i = 0; i < n; i++) {
        cos[i] = (float) StrictMath.cos(2 * StrictMath.PI * i / n);
        sin[i] = (float) StrictMath.sin(2 * StrictMath.PI * i / n);
      }
      this.re = new float[n * length];
      this.im = new float[n * length];
      this.outRe = new float[n * length];
      this.outIm = new float[n * length];
      this.scratchRe = new float[n * length];
      this.scratchIm = new float[n * length];
    }

    void run(int sign) {
      transform(0, 1, 0, n, sign);
    }

    /**
     * Cooley and Tukey (1965), decimation in time: transforms the rows {@code from, from + step, …}
     * into {@code count} rows of the output, from row {@code to} on.
     */
    private void transform(int from, int step, int to, int count, int sign) {
      if (count == 1) {
        System.arraycopy(re, from * length, outRe, to * length, length);
        System.arraycopy(im, from * length, outIm, to * length, length);
        return;
      }
      int parts = smallestFactor(count);
      int size = count / parts;
      for (int part = 0; part < parts; part++) {
        transform(from + part * step, step * parts, to + part * size, size, sign);
      }
      int start = to * length;
      System.arraycopy(outRe, start, scratchRe, start, count * length);
      System.arraycopy(outIm, start, scratchIm, start, count * length);
      for (int k = 0; k < count; k++) {
        int target = start + k * length;
        int first = start + k % size * length;
        System.arraycopy(scratchRe, first, outRe, target, length);
        System.arraycopy(scratchIm, first, outIm, target, length);
        for (int part = 1; part < parts; part++) {
          int turn = (int) ((long) part * k % count * step);
          add(first + part * size * length, target, cos[turn], sign * sin[turn]);
        }
      }
    }

    /**
     * Adds a row of the scratch memory, multiplied by the complex number c + is, to a row of the
     * output.
     */
    private void add(int from, int to, float c, float s) {
      for (int i = 0; i < length; i++) {
        float a = scratchRe[from + i];
        float b = scratchIm[from + i];
        outRe[to + i] += c * a - s * b;
        outIm[to + i] += c * b + s * a;
      }
    }

    private static int smallestFactor(int count) {
      for (int factor = 2; factor * factor <= count; factor++) {
        if (count % factor == 0) {
          return factor;
        }
      }
      return count;
    }
  }
}
