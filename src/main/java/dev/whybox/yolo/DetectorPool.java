// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.engine.Turns;
import dev.whybox.image.Image;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Detects objects with one model and reuses the buffers of earlier calls. Callers take turns, so
 * buffers for one are enough. Safe to share between threads.
 */
public final class DetectorPool implements AutoCloseable {
  /** The usual threshold of non-maximum suppression. */
  private static final float USUAL_IOU = 0.7f;

  private final YoloModel model;
  private final int threads;
  private final Turns turns;
  private volatile Remembered last;
  private final ConcurrentLinkedQueue<DetectionBuffers> idle = new ConcurrentLinkedQueue<>();

  /**
   * Makes a pool without buffers; each is made when it is needed.
   *
   * @param model the model
   * @param threads threads for inference, at least 1
   * @param turns who may use the processors
   */
  public DetectorPool(YoloModel model, int threads, Turns turns) {
    this.model = model;
    this.threads = threads;
    this.turns = turns;
  }

  /**
   * Detects the objects of an image.
   *
   * @param image the image
   * @param confidence detections need a score above this, 0 to 1
   * @param iou of boxes of one class that overlap more than this, only the best is kept, 0 to 1
   * @return the detections, the highest score first
   */
  public List<Detection> detect(Image image, float confidence, float iou) {
    return turns.during(() -> detectNow(image, confidence, iou));
  }

  private List<Detection> detectNow(Image image, float confidence, float iou) {
    DetectionBuffers pass = idle.poll();
    if (pass == null) {
      pass = new DetectionBuffers(model, threads);
    }
    boolean good = false;
    try {
      List<Detection> found = pass.detect(image, confidence, iou);
      good = true;
      idle.add(pass);
      last = new Remembered(new WeakReference<>(image), confidence, found);
      return found;
    } finally {
      if (!good) {
        pass.close(); // After a failure the memory of the GPU must be freed.
      }
    }
  }

  /**
   * All objects of an image: the last detections, where they are of this image and low enough a
   * threshold, or new ones.
   *
   * @param image the image
   * @param confidence detections with a score above this are needed, 0 to 1
   * @return the detections, perhaps with some of lower scores
   */
  public Known known(Image image, float confidence) {
    Remembered seen = last;
    if (seen != null && seen.image.get() == image && seen.confidence <= confidence) {
      return new Known(seen.detections, 0);
    }
    return turns.during(() -> foundAnew(image, confidence));
  }

  /** Keeps no buffers: who explains on a GPU may never detect on it. */
  private Known foundAnew(Image image, float confidence) {
    try (DetectionBuffers pass = new DetectionBuffers(model, threads)) {
      List<Detection> found = pass.detect(image, confidence, USUAL_IOU);
      last = new Remembered(new WeakReference<>(image), confidence, found);
      return new Known(found, 1);
    }
  }

  /**
   * Detections of an image.
   *
   * @param detections all of them
   * @param forwards how many forward passes it took to find them
   */
  public record Known(List<Detection> detections, int forwards) {}

  private record Remembered(
      WeakReference<Image> image, float confidence, List<Detection> detections) {}

  /** Frees the buffers. No call may run or follow. */
  @Override
  public void close() {
    for (DetectionBuffers pass = idle.poll(); pass != null; pass = idle.poll()) {
      pass.close();
    }
  }
}
