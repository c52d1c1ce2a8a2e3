// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.random.Philox;
import java.nio.FloatBuffer;

/**
 * RISE masks: Petsiuk, Das and Saenko, "RISE: Randomized input sampling for explanation of
 * black-box models" (BMVC 2018). A mask is a lattice of random bits with s cells along each side of
 * the content. It is shifted by a random fraction of a cell and interpolated bilinearly.
 *
 * <p>The shift is a multiple of 1/{@value #PHASES} of a cell, so there are few different shifts. A
 * sum over masks is therefore kept as one sum over lattice bits per shift; see {@link Lattice}.
 */
public final class RiseMasks implements Masks {
  /** The number of different shifts along each axis. */
  public static final int PHASES = 8;

  private static final int STREAM = 3;

  private final int width;
  private final int height;
  private final int grid;
  private final double keep;
  private final long seed;

  /**
   * Masks for a content of this size.
   *
   * @param width the content's width in pixels
   * @param height the content's height in pixels
   * @param grid cells along each side, at least 1
   * @param keep the probability that a lattice point keeps its pixels, in (0,1)
   * @param seed the seed
   */
  public RiseMasks(int width, int height, int grid, double keep, long seed) {
    this.width = width;
    this.height = height;
    this.grid = grid;
    this.keep = keep;
    this.seed = seed;
  }

  /**
   * The content's width.
   *
   * @return pixels
   */
  public int width() {
    return width;
  }

  /**
   * The content's height.
   *
   * @return pixels
   */
  public int height() {
    return height;
  }

  /**
   * The number of lattice points along each side. Interpolation needs one more point than there are
   * cells, and the shift one more again.
   *
   * @return {@code grid + 2}
   */
  public int side() {
    return grid + 2;
  }

  /**
   * The positions of an axis's pixels on the lattice.
   *
   * @param size the number of pixels along the axis
   * @param phase the shift, 0 to {@value #PHASES} − 1
   * @return one lattice coordinate per pixel, in [0, side − 1)
   */
  public float[] coordinates(int size, int phase) {
    float[] result = new float[size];
    for (int i = 0; i < size; i++) {
      result[i] = (i + 0.5f) * grid / size + (float) phase / PHASES;
    }
    return result;
  }

  /**
   * Makes the random part of the masks for one thread.
   *
   * @return a lattice with memory of its own
   */
  public Lattice lattice() {
    return new Lattice();
  }

  /**
   * The number of cells along each side.
   *
   * @return at least 1
   */
  public int grid() {
    return grid;
  }

  /**
   * The seed.
   *
   * @return any number
   */
  public long seed() {
    return seed;
  }

  /**
   * The probability of a kept lattice point, as an integer. A point is kept if its random 32-bit
   * word is below this.
   *
   * @return {@code keep × 2³²}, rounded down
   */
  public long threshold() {
    return (long) (keep * 0x1p32);
  }

  @Override
  public Painter painter(Scene scene) {
    return new BlendPainter(scene);
  }

  /** The lattice bits and the shift of one sample. For one thread at a time. */
  public final class Lattice {
    private final Philox random = new Philox(seed, STREAM);
    private final long threshold = threshold();
    private final float[] points = new float[side() * side()];
    private int phaseX;
    private int phaseY;

    private Lattice() {}

    /**
     * Draws a sample.
     *
     * @param sample its number, from 0
     */
    public void draw(long sample) {
      random.seek(sample);
      int shift = random.below(PHASES * PHASES);
      phaseX = shift % PHASES;
      phaseY = shift / PHASES;
      for (int i = 0; i < points.length; i++) {
        points[i] = Integer.toUnsignedLong(random.next()) < threshold ? 1 : 0;
      }
    }

    /**
     * The bits of the last draw. This is not a copy.
     *
     * @return {@code side × side} values, 0 or 1, row by row
     */
    public float[] points() {
      return points;
    }

    /**
     * The horizontal shift of the last draw.
     *
     * @return 0 to {@value #PHASES} − 1
     */
    public int phaseX() {
      return phaseX;
    }

    /**
     * The vertical shift of the last draw.
     *
     * @return 0 to {@value #PHASES} − 1
     */
    public int phaseY() {
      return phaseY;
    }

    /**
     * The mask at one position.
     *
     * @param x lattice coordinate along the row
     * @param y lattice coordinate down the column
     * @return a value in [0,1]
     */
    public float at(float x, float y) {
      int column = (int) x;
      int row = (int) y;
      float fx = x - column;
      float fy = y - row;
      int i = row * side() + column;
      float upper = points[i] + fx * (points[i + 1] - points[i]);
      float lower = points[i + side()] + fx * (points[i + side() + 1] - points[i + side()]);
      return upper + fy * (lower - upper);
    }
  }

  private final class BlendPainter implements Painter {
    private final Scene scene;
    private final Lattice lattice = lattice();
    private final float[] row = new float[side()];
    private final float[] mask = new float[width];
    private final float[] blended = new float[width];
    private final float[][] columns = new float[PHASES][];
    private final float[][] rows = new float[PHASES][];

    /** The columns of the content that the input shows. */
    private final int from;

    private final int to;

    BlendPainter(Scene scene) {
      this.scene = scene;
      this.from = scene.letterbox().visibleLeft();
      this.to = scene.letterbox().visibleRight();
      for (int phase = 0; phase < PHASES; phase++) {
        columns[phase] = coordinates(width, phase);
        rows[phase] = coordinates(height, phase);
      }
    }

    @Override
    public void paint(long sample, FloatBuffer input, int offset) {
      if (sample < 0) {
        input.put(offset, sample == FULL ? scene.image() : scene.baseline(), 0, scene.size());
        return;
      }
      lattice.draw(sample);
      int painted = 0;
      for (int y = scene.letterbox().visibleTop(); y < scene.letterbox().visibleBottom(); y++) {
        maskRow(rows[lattice.phaseY][y], columns[lattice.phaseX]);
        int start = scene.rowStart(y) + from;
        for (int channel = 0; channel < 3; channel++) {
          int plane = channel * scene.plane();
          pad(input, offset, plane + painted, plane + start);
          blend(scene.image(), scene.baseline(), plane + start);
          input.put(offset + plane + start, blended, 0, to - from);
        }
        painted = start + to - from;
      }
      for (int channel = 0; channel < 3; channel++) {
        int plane = channel * scene.plane();
        pad(input, offset, plane + painted, plane + scene.plane());
      }
    }

    /** Copies the padding between rows of the content, and above and below it. */
    private void pad(FloatBuffer input, int offset, int from, int to) {
      if (from < to) {
        input.put(offset + from, scene.image(), from, to - from);
      }
    }

    private void maskRow(float v, float[] u) {
      int top = (int) v;
      float fy = v - top;
      int base = top * side();
      for (int i = 0; i < row.length; i++) {
        float upper = lattice.points[base + i];
        row[i] = upper + fy * (lattice.points[base + side() + i] - upper);
      }
      for (int x = 0; x < mask.length; x++) {
        int column = (int) u[x];
        mask[x] = row[column] + (u[x] - column) * (row[column + 1] - row[column]);
      }
    }

    private void blend(float[] image, float[] baseline, int start) {
      for (int x = 0; x < to - from; x++) {
        float absent = baseline[start + x];
        blended[x] = absent + mask[from + x] * (image[start + x] - absent);
      }
    }
  }
}
