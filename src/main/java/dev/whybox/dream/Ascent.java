// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Image;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** One gradient ascent: picture → view → objective, and back. For one thread, to be run once. */
public final class Ascent implements DreamListener.Progress {
  private final int height;
  private final int width;
  private final GradientAscent method;
  private final Budget budget;
  private final Objective objective;
  private final int planned;
  private final long startNanos;
  private final Painting painting;
  private final Views views;
  private final Warp warp;
  private final Variation variation;
  private final Adam adam;
  private final float[] picture;
  private final float[] view;
  private final float[] viewGradient;
  private final float[] gradient;
  private final float[] spectrum;
  private final double[] trajectory;
  private int done;
  private volatile boolean cancelled;

  /**
   * What an ascent came to; see {@link Dream}.
   *
   * @param image the picture
   * @param start the value before the first step
   * @param value the value at the picture
   * @param trajectory the value at every step; leave it unchanged
   * @param elapsed the time since the ascent was made
   * @param stop why there were no more steps
   */
  public record Result(
      Image image, double start, double value, double[] trajectory, Duration elapsed, Stop stop) {}

  /**
   * An ascent from faint noise.
   *
   * @param height the picture's height in pixels
   * @param width the picture's width in pixels
   * @param method how
   * @param budget steps, deadline, seed
   * @param objective what is to be made large
   * @param startNanos when the call began, as {@link System#nanoTime} has it
   */
  public Ascent(
      int height,
      int width,
      GradientAscent method,
      Budget budget,
      Objective objective,
      long startNanos) {
    this.height = height;
    this.width = width;
    this.method = method;
    this.budget = budget;
    this.objective = objective;
    this.planned = budget.samples() > 0 ? budget.samples() : GradientAscent.DEFAULT_STEPS;
    this.startNanos = startNanos;
    this.painting = new Painting(height, width, method.decay(), budget.seed());
    this.views = new Views(width, height, method, budget.seed());
    this.warp = new Warp(height, width);
    this.variation = new Variation(height, width);
    this.adam = new Adam(painting.parameters().length, method.rate());
    this.picture = new float[3 * height * width];
    this.view = new float[picture.length];
    this.viewGradient = new float[picture.length];
    this.gradient = new float[picture.length];
    this.spectrum = new float[painting.parameters().length];
    this.trajectory = new double[planned];
  }

  /**
   * Climbs.
   *
   * @param listener hears of every step
   * @param closed asked after every step whether to end
   * @return the picture and how it came about
   * @throws NonFiniteOutput where the objective's value or gradient is no number
   */
  public Result run(DreamListener listener, BooleanSupplier closed) {
    painting.paint(picture);
    double start = objective.evaluate(picture, Affine.IDENTITY, viewGradient);
    Stop stop = null;
    long slowest = 0;
    while (stop == null) {
      long before = System.nanoTime();
      step();
      slowest = Math.max(slowest, System.nanoTime() - before);
      listener.onStep(this);
      stop = stop(closed, slowest);
    }
    Image image = image();
    double value = objective.evaluate(planes(image), Affine.IDENTITY, viewGradient);
    double[] values = Arrays.copyOf(trajectory, done);
    return new Result(image, start, value, values, elapsed(), stop);
  }

  private void step() {
    Affine seen = views.at(done);
    warp.apply(seen, picture, view);
    trajectory[done] = objective.evaluate(view, seen, viewGradient);
    warp.adjoint(seen, viewGradient, gradient);
    if (method.smoothness() > 0) {
      variation.penalize(picture, method.smoothness(), gradient);
    }
    painting.adjoint(picture, gradient, spectrum);
    for (float value : spectrum) {
      if (!Float.isFinite(value)) {
        throw new NonFiniteOutput(
            "The gradient at the picture is "
                + value
                + " in step "
                + (done + 1)
                + ". Numbers must be finite; check the export (half-precision overflow is a usual"
                + " cause: export with half=False).");
      }
    }
    adam.step(painting.parameters(), spectrum);
    painting.paint(picture);
    done++;
  }

  /** After a step that took so long another one, and the last look, must fit. */
  private Stop stop(BooleanSupplier closed, long nanos) {
    if (done == planned) {
      return Stop.SAMPLES;
    }
    if (cancelled || closed.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      return Stop.CANCELLED;
    }
    boolean late =
        budget.deadline() != null
            && System.nanoTime() - startNanos + 2 * nanos > budget.deadline().toNanos();
    return late ? Stop.DEADLINE : null;
  }

  @Override
  public int done() {
    return done;
  }

  @Override
  public int planned() {
    return planned;
  }

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  @Override
  public double value() {
    return trajectory[done - 1];
  }

  @Override
  public Image image() {
    int plane = height * width;
    byte[] rgb = new byte[3 * plane];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.round(255 * picture[i % 3 * plane + i / 3]);
    }
    return Image.ofRgb(width, height, rgb);
  }

  /** The picture as a model sees it when it is read from a file. */
  private float[] planes(Image image) {
    int plane = height * width;
    float[] planes = new float[3 * plane];
    byte[] rgb = image.rgb();
    for (int i = 0; i < rgb.length; i++) {
      planes[i % 3 * plane + i / 3] = (rgb[i] & 0xFF) / 255f;
    }
    return planes;
  }

  @Override
  public void cancel() {
    cancelled = true;
  }
}
