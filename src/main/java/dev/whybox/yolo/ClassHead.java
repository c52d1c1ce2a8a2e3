// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import dev.whybox.image.Region;
import dev.whybox.image.WholeImage;
import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The head of YOLOv8's classifiers: one probability per class, by a softmax inside the model. Its
 * one candidate is the whole image.
 *
 * @param classes how many classes
 * @param width the input's width in pixels
 * @param height the input's height in pixels
 */
record ClassHead(int classes, int width, int height) implements Head {
  /** As many as Ultralytics' top 5. */
  private static final int LISTED = 5;

  static HeadKind kind() {
    return new HeadKind(List.of("classify"), ClassHead::of, ClassHead::description);
  }

  private static Optional<Head> of(Layout layout) {
    int[] output = layout.output();
    int named = layout.names().size();
    return output.length == 1 && output[0] > 0 && (named == 0 || named == output[0])
        ? Optional.of(new ClassHead(output[0], layout.width(), layout.height()))
        : Optional.empty();
  }

  private static String description(Layout layout) {
    int named = layout.names().size();
    return "a classifier's probabilities, [N," + (named == 0 ? "classes" : named) + "]";
  }

  @Override
  public List<Integer> outputs() {
    return List.of(0);
  }

  @Override
  public int candidates() {
    return 1;
  }

  @Override
  public boolean boxes() {
    return false;
  }

  @Override
  public List<Region.Kind> regions() {
    return List.of(Region.Kind.WHOLE_IMAGE);
  }

  @Override
  public int listed() {
    return Math.min(LISTED, classes);
  }

  @Override
  public Reader reader() {
    return new ClassReader();
  }

  @Override
  public Objective objective(int classId, int candidate) {
    return Objective.of(0, 0, classId);
  }

  @Override
  public Objective coordinate(int which, int candidate) {
    throw new UnsupportedOperationException("A classifier has no boxes.");
  }

  /** Not known: the logits of all classes decide. */
  @Override
  public double probability(double logit) {
    return Double.NaN;
  }

  @Override
  public Optional<DeviceLayout> device() {
    return Optional.empty();
  }

  private final class ClassReader implements Reader {
    private FloatBuffer output;
    private int base;

    @Override
    public void read(List<FloatBuffer> outputs, int image) {
      output = outputs.get(0);
      base = image * classes;
    }

    @Override
    public Region region(int candidate) {
      return new WholeImage(new Box(0, 0, width, height));
    }

    @Override
    public float probability(int classId, int candidate) {
      return output.get(base + classId);
    }

    @Override
    public void bounds(float[] x1, float[] y1, float[] x2, float[] y2) {
      x1[0] = 0;
      y1[0] = 0;
      x2[0] = width;
      y2[0] = height;
    }
  }
}
