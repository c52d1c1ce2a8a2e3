// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Region;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A head that adds something to the rows of a {@link GridHead}: all that it does not say itself is
 * as there. Its regions are more than boxes unless it says so.
 */
interface OnGrid extends Head {
  /** The rows of boxes and classes. */
  GridHead grid();

  @Override
  default List<Integer> outputs() {
    return grid().outputs();
  }

  @Override
  default int candidates() {
    return grid().candidates();
  }

  @Override
  default boolean boxes() {
    return false;
  }

  @Override
  default int classes() {
    return grid().classes();
  }

  @Override
  default Objective objective(int classId, int candidate) {
    return grid().objective(classId, candidate);
  }

  @Override
  default Objective coordinate(int which, int candidate) {
    return grid().coordinate(which, candidate);
  }

  @Override
  default double probability(double logit) {
    return grid().probability(logit);
  }

  /** No kernel knows these regions. */
  @Override
  default Optional<DeviceLayout> device() {
    return Optional.empty();
  }

  /** Reads boxes and classes; the region is the head's own. */
  abstract class GridBased implements Reader {
    final GridHead.GridReader values;

    GridBased(GridHead grid) {
      this.values = grid.reader();
    }

    @Override
    public void read(List<FloatBuffer> outputs, int image) {
      values.read(outputs, image);
    }

    /** Suppression compares boxes, as Ultralytics does for masks and keypoints. */
    @Override
    public Region compared(int candidate) {
      return values.region(candidate);
    }

    @Override
    public float probability(int classId, int candidate) {
      return values.probability(classId, candidate);
    }

    @Override
    public void probabilities(int classId, float[] into) {
      values.probabilities(classId, into);
    }

    @Override
    public void bounds(float[] x1, float[] y1, float[] x2, float[] y2) {
      values.bounds(x1, y1, x2, y2);
    }
  }
}
