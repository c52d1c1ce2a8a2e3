// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.image.Baseline;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segmentation.Labels;
import dev.whybox.perturb.Segments;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What was made of the last picture: its content, segments and scenes. A caller who asks about one
 * picture again and again, such as of one target after the other, pays for them once. Safe to share
 * between threads.
 */
final class PictureCache {
  private Picture last;

  /**
   * A picture, as it is given to the model.
   *
   * @param image the picture, or an equal object
   * @param letterbox fits it into the input
   * @return what is known of it; new where the last picture was another one
   */
  synchronized Picture of(Image image, Letterbox letterbox) {
    if (last == null || last.image.get() != image || !last.letterbox.equals(letterbox)) {
      last = new Picture(image, letterbox);
    }
    return last;
  }

  /** What was made of one picture. Safe to share between threads. */
  static final class Picture {
    private final WeakReference<Image> image;
    private final Letterbox letterbox;
    private final Image content;
    private final Map<Segmentation, Segments> segments = new ConcurrentHashMap<>();
    private final Map<Baseline, Scene> scenes = new ConcurrentHashMap<>();

    private Picture(Image image, Letterbox letterbox) {
      this.image = new WeakReference<>(image);
      this.letterbox = letterbox;
      this.content = letterbox.content(image);
    }

    /** The picture at the size that it has inside the input, without the padding. */
    Image content() {
      return content;
    }

    /** Its segments; those of a drawing are read anew, since the file may have changed. */
    Segments segments(Segmentation segmentation) {
      return segmentation instanceof Labels
          ? segmentation.of(content)
          : segments.computeIfAbsent(segmentation, cut -> cut.of(content));
    }

    /**
     * The picture and its baseline.
     *
     * @param absent makes the baseline where it is not known
     */
    Scene scene(Baseline baseline, Supplier<Image> absent) {
      boolean fixed = baseline != Baseline.NOISE && baseline != Baseline.INPAINT;
      return fixed
          ? scenes.computeIfAbsent(baseline, b -> Scene.of(letterbox, content, absent.get()))
          : Scene.of(letterbox, content, absent.get());
    }
  }
}
