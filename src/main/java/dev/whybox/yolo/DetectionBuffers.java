// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.engine.Lane;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import java.util.List;

/** The buffers of one detection, used again and again. For one thread at a time. */
final class DetectionBuffers implements AutoCloseable {
  private final ModelInfo info;
  private final Lane lane;
  private final Detector detector;

  DetectionBuffers(YoloModel model, int threads) {
    this.info = model.info();
    this.detector = new Detector(model);
    this.lane = model.lane(threads);
  }

  List<Detection> detect(Image image, float confidence, float iou) {
    Letterbox letterbox = info.letterbox(image);
    letterbox.fill(letterbox.content(image), lane.input());
    lane.run();
    return detector.detect(lane.outputs(), letterbox, confidence, iou);
  }

  @Override
  public void close() {
    lane.close();
  }
}
