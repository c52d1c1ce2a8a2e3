// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.design.Coalitions;
import dev.whybox.image.Letterbox;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Masks of whole segments. Each segment shows its own pixels or the baseline; a design of
 * coalitions decides which.
 */
public final class SegmentMasks implements Masks {
  private final Segments segments;
  private final Coalitions coalitions;

  /**
   * Masks of a design.
   *
   * @param segments the players
   * @param coalitions a design for {@code segments.count()} players
   */
  @SuppressWarnings("exports") // for the methods of Whybox, which have designs
  public SegmentMasks(Segments segments, Coalitions coalitions) {
    this.segments = segments;
    this.coalitions = coalitions;
  }

  /**
   * The segments, which are the players of the game.
   *
   * @return the segments
   */
  public Segments segments() {
    return segments;
  }

  /**
   * The design: which segments keep their pixels in sample i.
   *
   * @return the design itself, not a copy
   */
  @SuppressWarnings("exports") // for the device's copy of these masks
  public Coalitions coalitions() {
    return coalitions;
  }

  @Override
  public Painter painter(Scene scene) {
    return new RunPainter(scene);
  }

  /**
   * Copies whole runs from the image or from the baseline. A run is a stretch of pixels of one row
   * in one segment. Image and baseline have the same padding, so runs at the edges include it.
   */
  private final class RunPainter implements Painter {
    private final Scene scene;
    private final Coalitions design = coalitions.copy();
    private final long[] bits = new long[design.words()];
    private final int[] starts;
    private final int[] labels;

    RunPainter(Scene scene) {
      this.scene = scene;
      int[] runStarts = new int[segments.width() * segments.height() + 1];
      int[] runLabels = new int[segments.width() * segments.height()];
      int runs = 0;
      Letterbox seen = scene.letterbox();
      for (int y = seen.visibleTop(); y < seen.visibleBottom(); y++) {
        for (int x = seen.visibleLeft(); x < seen.visibleRight(); x++) {
          int label = segments.label(x, y);
          if (x == seen.visibleLeft() || label != runLabels[runs - 1]) {
            // Padding before the first run and between rows is copied together with a run.
            runStarts[runs] = runs == 0 ? 0 : scene.rowStart(y) + x;
            runLabels[runs++] = label;
          }
        }
      }
      runStarts[runs] = scene.plane();
      this.starts = Arrays.copyOf(runStarts, runs + 1);
      this.labels = Arrays.copyOf(runLabels, runs);
    }

    @Override
    public void paint(long sample, FloatBuffer input, int offset) {
      if (sample < 0) {
        input.put(offset, sample == FULL ? scene.image() : scene.baseline(), 0, scene.size());
        return;
      }
      design.get(sample, bits);
      for (int channel = 0; channel < 3; channel++) {
        int base = channel * scene.plane();
        int run = 0;
        while (run < labels.length) {
          boolean kept = kept(run);
          int first = run++;
          while (run < labels.length && kept(run) == kept) {
            run++;
          }
          int start = base + starts[first];
          int length = starts[run] - starts[first];
          input.put(offset + start, kept ? scene.image() : scene.baseline(), start, length);
        }
      }
    }

    private boolean kept(int run) {
      int label = labels[run];
      return (bits[label >> 6] >>> label & 1) != 0;
    }
  }
}
