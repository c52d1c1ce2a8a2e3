// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import dev.whybox.engine.Device;
import dev.whybox.error.WhyboxException.BadArgument;
import java.util.Objects;

/**
 * How a model is opened.
 *
 * @param confidence a detection's score is above this, in [0,1)
 * @param iou a box that overlaps a better one of its class by more than this is dropped, in (0,1]
 * @param threads threads for inference, at most {@value #MAX_THREADS}, or 0 for one per processor
 * @param batch images per run, or 0 to let Whybox choose by measuring; a static export fixes it
 * @param size side of the square input in pixels for a model of free size, or 0 for the model's own
 * @param device where the model runs
 * @param half whether a GPU computes a float32 model in float16 where that is safe; the CPU has no
 *     use for it, and every result names its precision
 * @param head the head of the model's outputs, such as {@code objectness}, or empty for the one
 *     that fits
 * @param input the values that the model takes, such as {@code bgr,scale=255}, or empty for what
 *     the file says, or else RGB from 0 to 1
 */
public record Options(
    float confidence,
    float iou,
    int threads,
    int batch,
    int size,
    Device device,
    boolean half,
    String head,
    String input) {

  /** More threads than any machine has use for; a typing error, and they would not all start. */
  public static final int MAX_THREADS = 256;

  /** Ultralytics' thresholds; threads, batch and size chosen by Whybox. */
  public static final Options DEFAULT =
      new Options(0.25f, 0.7f, 0, 0, 0, Device.AUTO, false, "", "");

  /**
   * Checks the ranges.
   *
   * @param confidence in [0,1)
   * @param iou in (0,1]
   * @param threads 0 to {@value #MAX_THREADS}
   * @param batch 0 to 64
   * @param size at least 0; the model says what it takes
   * @param device not null
   * @param half not with the CPU
   * @param head not null
   * @param input not null
   * @throws BadArgument where one is outside its range
   */
  public Options {
    checkConfidence(confidence);
    require(iou > 0 && iou <= 1, "The IoU threshold", "in (0,1]", iou);
    require(
        threads >= 0 && threads <= MAX_THREADS,
        "The number of threads",
        "0 to " + MAX_THREADS,
        threads);
    require(batch >= 0 && batch <= 64, "The batch", "0 to 64", batch);
    require(size >= 0, "The input size", "at least 0", size);
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(input, "input");
    if (half && device instanceof Device.Cpu) {
      throw new BadArgument(
          "Half precision is for GPUs, but the device is cpu. Export the model with half=True, or"
              + " take another device.");
    }
  }

  /** Throws where a confidence threshold is outside [0,1). */
  static void checkConfidence(float confidence) {
    require(confidence >= 0 && confidence < 1, "The confidence threshold", "in [0,1)", confidence);
  }

  private static void require(boolean holds, String what, String allowed, Number found) {
    if (!holds) {
      throw new BadArgument(what + " must be " + allowed + ", but is " + found + ".");
    }
  }

  /**
   * The same with another confidence threshold.
   *
   * @param value in [0,1)
   * @return a changed copy
   */
  public Options withConfidence(float value) {
    return new Options(value, iou, threads, batch, size, device, half, head, input);
  }

  /**
   * The same with another threshold of non-maximum suppression.
   *
   * @param value in (0,1]
   * @return a changed copy
   */
  public Options withIou(float value) {
    return new Options(confidence, value, threads, batch, size, device, half, head, input);
  }

  /**
   * The same with another number of threads.
   *
   * @param number 0 for one per processor
   * @return a changed copy
   */
  public Options withThreads(int number) {
    return new Options(confidence, iou, number, batch, size, device, half, head, input);
  }

  /**
   * The same with another batch.
   *
   * @param images how many per run, or 0 to let Whybox choose
   * @return a changed copy
   */
  public Options withBatch(int images) {
    return new Options(confidence, iou, threads, images, size, device, half, head, input);
  }

  /**
   * The same with another input size.
   *
   * @param pixels the side, or 0 for the model's own
   * @return a changed copy
   */
  public Options withSize(int pixels) {
    return new Options(confidence, iou, threads, batch, pixels, device, half, head, input);
  }

  /**
   * The same on another device.
   *
   * @param other where the model runs
   * @return a changed copy
   */
  public Options withDevice(Device other) {
    return new Options(confidence, iou, threads, batch, size, other, half, head, input);
  }

  /**
   * The same in another precision.
   *
   * @param float16 whether a GPU computes in float16 where that is safe
   * @return a changed copy
   */
  public Options withHalf(boolean float16) {
    return new Options(confidence, iou, threads, batch, size, device, float16, head, input);
  }

  /**
   * The same with a head of the user's choice.
   *
   * @param name such as {@code objectness}; the help of {@code --head} lists them; empty for the
   *     one that fits the model's outputs
   * @return a changed copy
   */
  public Options withHead(String name) {
    return new Options(confidence, iou, threads, batch, size, device, half, name, input);
  }

  /**
   * The same with other values of the model's input.
   *
   * @param values such as {@code bgr,scale=255,mean=0/0/0,std=1/1/1}; empty for what the file says,
   *     or else RGB from 0 to 1
   * @return a changed copy
   */
  public Options withInput(String values) {
    return new Options(confidence, iou, threads, batch, size, device, half, head, values);
  }
}
