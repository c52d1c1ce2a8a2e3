// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Image;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Detects with one model; buffers are used again and again. Safe to share between threads. */
public final class DetectorPool implements AutoCloseable {
  private final YoloModel model;
  private final int threads;
  private final ConcurrentLinkedQueue<DetectionBuffers> idle = new ConcurrentLinkedQueue<>();

  public DetectorPool(YoloModel model, int threads) {
    this.model = model;
    this.threads = threads;
  }

  public List<Detection> detect(Image image, float confidence, float iou) {
    DetectionBuffers pass = idle.poll();
    if (pass == null) {
      pass = new DetectionBuffers(model, threads);
    }
    boolean good = false;
    try {
      List<Detection> found = pass.detect(image, confidence, iou);
      good = true;
      idle.add(pass);
      return found;
    } finally {
      if (!good) {
        pass.close(); // After a failure of a GPU its memory is wanted back.
      }
    }
  }

  /** Frees the buffers; nobody detects any more. */
  @Override
  public void close() {
    for (DetectionBuffers pass = idle.poll(); pass != null; pass = idle.poll()) {
      pass.close();
    }
  }
}
