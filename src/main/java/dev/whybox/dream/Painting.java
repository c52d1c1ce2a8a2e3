// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.random.Philox;

/**
 * A picture in terms of its Fourier spectrum and decorrelated colours, as in Olah, Mordvintsev,
 * Schubert, "Feature visualization" (Distill 2017). A step of equal size in every parameter then
 * changes large shapes more than fine grain, and brightness more than hue, as in natural pictures.
 * For one thread at a time.
 *
 * <p>spectrum → times 1/frequency<sup>decay</sup> → inverse transform → correlated colours →
 * logistic function → three planes of {@code height × width} values in (0,1), red first.
 */
final class Painting {
  /** The stream of random numbers for the initial noise: "drea" in ASCII. */
  private static final int STREAM = 0x64726561;

  /** The standard deviation of the initial spectrum, before scaling by frequency. */
  private static final double NOISE = 0.01;

  /** A frequency in waves per pixel. At this frequency the decay does not change the scale. */
  private static final double PIVOT = 0.1;

  /**
   * The contrast of the planes before colours are mixed. Contrast and scale are those of the
   * library lucid.
   */
  private static final double CONTRAST = 0.25;

  /**
   * The square root of the colour covariance of natural pictures (ImageNet), by singular value
   * decomposition: one row per red, green and blue. Published with the library lucid (2018).
   */
  private static final double[][] COLORS = {
    {0.26, 0.09, 0.02}, {0.27, 0, -0.05}, {0.27, -0.09, 0.03}
  };

  private final int plane;
  private final Fourier fourier;
  private final float[] scale;
  private final float[][] colors;
  private final float[] parameters;
  private final float[] spectrum;
  private final float[] planes;

  /** Starts with faint noise. Waves are scaled by the frequency to the power of −decay. */
  Painting(int height, int width, double decay, long seed) {
    this.plane = height * width;
    this.fourier = new Fourier(height, width);
    this.scale = scale(height, width, fourier.columns(), decay);
    this.colors = normalized();
    this.parameters = noise(3 * fourier.size(), seed);
    this.spectrum = new float[fourier.size()];
    this.planes = new float[3 * plane];
  }

  /**
   * The factor of each wave. The lowest frequency of the larger side is used for all lower
   * frequencies, that of the mean included. A wave whose mirror image is not stored counts twice:
   * otherwise vertical stripes would grow half as fast as horizontal ones, whose mirror images are
   * stored.
   */
  private static float[] scale(int height, int width, int columns, double decay) {
    float[] scale = new float[2 * height * columns];
    double lowest = 1.0 / Math.max(height, width);
    for (int k = 0; k < height; k++) {
      double down = (double) Math.min(k, height - k) / height;
      for (int l = 0; l < columns; l++) {
        double across = (double) l / width;
        double frequency = Math.sqrt(down * down + across * across);
        double size = PIVOT * Math.pow(Math.max(frequency, lowest) / PIVOT, decay);
        boolean mirrored = l > 0 && 2 * l < width;
        float value = (float) ((mirrored ? 2 : 1) * CONTRAST / size);
        scale[k * columns + l] = value;
        scale[(height + k) * columns + l] = value;
      }
    }
    return scale;
  }

  /** The colour matrix, scaled so that its longest column has length 1. */
  private static float[][] normalized() {
    double longest = 0;
    for (int column = 0; column < 3; column++) {
      double square = 0;
      for (double[] row : COLORS) {
        square += row[column] * row[column];
      }
      longest = Math.max(longest, Math.sqrt(square));
    }
    float[][] result = new float[3][3];
    for (int i = 0; i < 9; i++) {
      result[i / 3][i % 3] = (float) (COLORS[i / 3][i % 3] / longest);
    }
    return result;
  }

  /** Normally distributed numbers, by the method of Box and Muller (1958). */
  private static float[] noise(int count, long seed) {
    Philox philox = new Philox(seed, STREAM);
    float[] result = new float[count];
    philox.seek(0);
    for (int i = 0; i < count; i += 2) {
      double u = (Integer.toUnsignedLong(philox.next()) + 0.5) / 0x1p32;
      double angle = Integer.toUnsignedLong(philox.next()) * 2 * StrictMath.PI / 0x1p32;
      double radius = NOISE * StrictMath.sqrt(-2 * StrictMath.log(u));
      result[i] = (float) (radius * StrictMath.cos(angle));
      result[i + 1] = (float) (radius * StrictMath.sin(angle));
    }
    return result;
  }

  /**
   * The parameters of the picture: three spectra, one per decorrelated colour. This is not a copy.
   */
  float[] parameters() {
    return parameters;
  }

  /** Computes the picture from the parameters. */
  void paint(float[] into) {
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < spectrum.length; i++) {
        spectrum[i] = scale[i] * parameters[c * spectrum.length + i];
      }
      fourier.inverse(spectrum, 0, planes, c * plane);
    }
    for (int c = 0; c < 3; c++) {
      for (int p = 0; p < plane; p++) {
        double sum = 0;
        for (int d = 0; d < 3; d++) {
          sum += colors[c][d] * planes[d * plane + p];
        }
        into[c * plane + p] = (float) (1 / (1 + Math.exp(-sum)));
      }
    }
  }

  /**
   * Turns a gradient with respect to the picture into one with respect to the parameters.
   *
   * @param picture the result of {@link #paint}
   * @param gradient the gradient with respect to the picture
   * @param into receives as many values as there are parameters
   */
  void adjoint(float[] picture, float[] gradient, float[] into) {
    for (int d = 0; d < 3; d++) {
      for (int p = 0; p < plane; p++) {
        float sum = 0;
        for (int c = 0; c < 3; c++) {
          float value = picture[c * plane + p];
          sum += colors[c][d] * gradient[c * plane + p] * value * (1 - value);
        }
        planes[d * plane + p] = sum;
      }
    }
    for (int d = 0; d < 3; d++) {
      fourier.adjoint(planes, d * plane, spectrum, 0);
      for (int i = 0; i < spectrum.length; i++) {
        into[d * spectrum.length + i] = scale[i] * spectrum[i];
      }
    }
  }
}
