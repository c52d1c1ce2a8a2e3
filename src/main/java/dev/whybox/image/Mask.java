// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.CHAIN_APPROX_SIMPLE;
import static org.bytedeco.opencv.global.opencv_imgproc.RETR_LIST;
import static org.bytedeco.opencv.global.opencv_imgproc.findContours;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;

/**
 * The pixels of one object inside its box. They are where a coarse lattice of numbers, interpolated
 * bilinearly between the cells' middles, is above 0.
 *
 * @param box the object's box; nothing outside belongs to the mask
 * @param left where the lattice's first column begins, in pixels
 * @param top where its first row begins
 * @param cell the side of a cell in pixels, above 0
 * @param columns how many columns
 * @param rows how many rows
 * @param logits {@code rows × columns} numbers, row by row; not to be changed
 */
public record Mask(
    Box box, float left, float top, float cell, int columns, int rows, float[] logits)
    implements Region {

  @Override
  public Kind kind() {
    return Kind.MASK;
  }

  /**
   * IoU of the cells whose middles lie in the masks, on this mask's lattice; the IoU of the boxes
   * where both masks are too small to hold one. With a region of another kind it is the IoU of the
   * bounds.
   */
  @Override
  public float similarity(Region other) {
    return other instanceof Mask mask ? iou(mask) : box.iou(other.bounds());
  }

  private float iou(Mask other) {
    int firstColumn = (int) Math.floor((Math.min(box.x1(), other.box.x1()) - left) / cell);
    int lastColumn = (int) Math.ceil((Math.max(box.x2(), other.box.x2()) - left) / cell);
    int firstRow = (int) Math.floor((Math.min(box.y1(), other.box.y1()) - top) / cell);
    int lastRow = (int) Math.ceil((Math.max(box.y2(), other.box.y2()) - top) / cell);
    int width = Math.max(0, lastColumn - firstColumn);
    int[] own = new int[width];
    int[] its = new int[width];
    for (int c = 0; c < width; c++) {
      float x = left + (firstColumn + c + 0.5f) * cell;
      own[c] = column(x);
      its[c] = other.column(x);
    }
    int both = 0;
    int either = 0;
    for (int r = firstRow; r < lastRow; r++) {
      float y = top + (r + 0.5f) * cell;
      int ownRow = row(y);
      int itsRow = other.row(y);
      for (int c = 0; c < width; c++) {
        boolean here = ownRow >= 0 && own[c] >= 0 && logits[ownRow + own[c]] > 0;
        boolean there = itsRow >= 0 && its[c] >= 0 && other.logits[itsRow + its[c]] > 0;
        both += here && there ? 1 : 0;
        either += here || there ? 1 : 0;
      }
    }
    return either == 0 ? box.iou(other.box) : (float) both / either;
  }

  /** The column of the cell at x, or −1 outside. */
  private int column(float x) {
    int at = (int) Math.floor((x - left) / cell);
    return x >= box.x1() && x < box.x2() && at >= 0 && at < columns ? at : -1;
  }

  /** Where the row of cells at y begins, or −1 outside. */
  private int row(float y) {
    int at = (int) Math.floor((y - top) / cell);
    return y >= box.y1() && y < box.y2() && at >= 0 && at < rows ? at * columns : -1;
  }

  /**
   * Whether a place belongs to the object.
   *
   * @param x in pixels
   * @param y in pixels
   * @return true inside
   */
  public boolean covers(float x, float y) {
    if (!(x >= box.x1() && x < box.x2() && y >= box.y1() && y < box.y2())) {
      return false;
    }
    float u = Math.min(Math.max((x - left) / cell - 0.5f, 0), columns - 1);
    float v = Math.min(Math.max((y - top) / cell - 0.5f, 0), rows - 1);
    int x0 = (int) u;
    int y0 = (int) v;
    int x1 = Math.min(x0 + 1, columns - 1);
    int y1 = Math.min(y0 + 1, rows - 1);
    float upper = mix(logits[y0 * columns + x0], logits[y0 * columns + x1], u - x0);
    float lower = mix(logits[y1 * columns + x0], logits[y1 * columns + x1], u - x0);
    return mix(upper, lower, v - y0) > 0;
  }

  private static float mix(float a, float b, float share) {
    return a + share * (b - a);
  }

  /**
   * The area.
   *
   * @return how many pixels have their middle in the mask
   */
  public int area() {
    int area = 0;
    for (byte pixel : pixels()) {
      area += pixel;
    }
    return area;
  }

  private int x() {
    return (int) Math.floor(box.x1());
  }

  private int y() {
    return (int) Math.floor(box.y1());
  }

  private int width() {
    return columns == 0 ? 0 : Math.max(0, (int) Math.ceil(box.x2()) - x());
  }

  private int height() {
    return rows == 0 ? 0 : Math.max(0, (int) Math.ceil(box.y2()) - y());
  }

  /** 1 inside, 0 outside, for the pixels of the box. */
  private byte[] pixels() {
    byte[] pixels = new byte[width() * height()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (covers(x() + i % width() + 0.5f, y() + i / width() + 0.5f) ? 1 : 0);
    }
    return pixels;
  }

  @Override
  public Box bounds() {
    return box;
  }

  /** Through the middles of the outermost pixels, by OpenCV; holes have lines too. */
  @Override
  @SuppressWarnings("try") // closing the scope frees the matrices; no code names it
  public List<float[]> outline() {
    List<float[]> lines = new ArrayList<>();
    if (width() * height() == 0) {
      return lines;
    }
    try (PointerScope scope = new PointerScope()) {
      Mat mat = new Mat(height(), width(), CV_8UC1);
      mat.data().put(pixels());
      MatVector found = new MatVector();
      findContours(mat, found, RETR_LIST, CHAIN_APPROX_SIMPLE);
      for (long i = 0; i < found.size(); i++) {
        IntBuffer points = found.get(i).createBuffer();
        float[] line = new float[points.remaining()];
        for (int k = 0; k < line.length; k++) {
          line[k] = points.get(k) + 0.5f + (k % 2 == 0 ? x() : y());
        }
        lines.add(line);
      }
    }
    return lines;
  }

  @Override
  public Mask moved(float dx, float dy) {
    return new Mask(box.moved(dx, dy), left + dx, top + dy, cell, columns, rows, logits);
  }

  @Override
  public Mask clip(float width, float height) {
    return new Mask(box.clip(width, height), left, top, cell, columns, rows, logits);
  }

  @Override
  public Mask toInput(Letterbox letterbox) {
    float ratio = letterbox.ratio();
    return new Mask(
        letterbox.toInput(box),
        left * ratio + letterbox.left(),
        top * ratio + letterbox.top(),
        cell * ratio,
        columns,
        rows,
        logits);
  }

  @Override
  public Mask toImage(Letterbox letterbox) {
    float ratio = letterbox.ratio();
    return new Mask(
        letterbox.toImage(box),
        (left - letterbox.left()) / ratio,
        (top - letterbox.top()) / ratio,
        cell / ratio,
        columns,
        rows,
        logits);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask mask
        && box.equals(mask.box)
        && left == mask.left
        && top == mask.top
        && cell == mask.cell
        && columns == mask.columns
        && rows == mask.rows
        && Arrays.equals(logits, mask.logits);
  }

  @Override
  public int hashCode() {
    return 31 * box.hashCode() + Arrays.hashCode(logits);
  }

  @Override
  public String toString() {
    return "Mask[" + box + ", " + rows + "×" + columns + " cells]";
  }
}
