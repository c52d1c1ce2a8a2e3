// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Image;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * One gradient ascent. Forward: picture → view → objective; backward: the gradient. For one thread;
 * run it once.
 */
public final class Ascent implements DreamListener.Progress {
  private final int height;
  private final int width;
  private final GradientAscent method;
  private final Budget budget;
  private final AscentObjective objective;
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
   * The result of an ascent; see {@link Dream}.
   *
   * @param image the picture
   * @param start the objective's value at the initial picture
   * @param value the objective's value at the final picture
   * @param trajectory the value at every step; do not change it
   * @param elapsed the time since the call began
   * @param stop why the ascent ended
   */
  public record Result(
      Image image, double start, double value, double[] trajectory, Duration elapsed, Stop stop) {}

  /**
   * An ascent that starts from faint noise.
   *
   * @param height the picture's height in pixels
   * @param width the picture's width in pixels
   * @param method the parameters of the ascent
   * @param budget steps, deadline, seed
   * @param objective the function to maximise
   * @param startNanos the time when the call began, in the terms of {@link System#nanoTime}
   */
  public Ascent(
      int height,
      int width,
      GradientAscent method,
      Budget budget,
      AscentObjective objective,
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
   * Runs the ascent.
   *
   * @param listener is told of every step
   * @param closed is asked after every step; true ends the ascent
   * @return the picture and how it was made
   * @throws NonFiniteOutput if the objective's value or gradient is NaN or infinite
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

  /**
   * Decides after a step whether to end. The next step is expected to take as long as this one; it
   * and the final evaluation must fit before the deadline.
   */
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

  /** The model's input for a picture that is read from a file. */
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
