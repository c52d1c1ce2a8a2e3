// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Region;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Understands the outputs of a detector: which candidates for a detection there are, where they lie
 * and how probable each class is. One class per layout; {@link HeadKind} is the table of them.
 * Immutable.
 */
public interface Head {

  /**
   * The outputs of the model that the head reads.
   *
   * @return their numbers, from 0, in the order in which a {@link Reader} takes them
   */
  List<Integer> outputs();

  /**
   * How many candidates for a detection there are, such as anchors.
   *
   * @return at least 1
   */
  int candidates();

  /**
   * Whether the regions are boxes, so that {@link Reader#bounds} says all of them.
   *
   * @return false where a region is more than its bounds
   */
  boolean boxes();

  /**
   * The kinds of regions that a target may have.
   *
   * @return at least one; the first is what {@link Reader#region} gives
   */
  default List<Region.Kind> regions() {
    return List.of(Region.Kind.BOX);
  }

  /**
   * How many classes there are.
   *
   * @return at least 1
   */
  int classes();

  /**
   * How many classes of a candidate are listed, the likeliest first, whatever their probabilities.
   *
   * @return 0 for a detector, which lists one class per candidate, and only above a threshold
   */
  default int listed() {
    return 0;
  }

  /**
   * What reads the outputs.
   *
   * @return a reader for one thread, without an image
   */
  Reader reader();

  /**
   * The starting point of the gradient of a class at a candidate.
   *
   * @param classId a class
   * @param candidate a candidate
   * @return elements of the outputs
   */
  Objective objective(int classId, int candidate);

  /**
   * Where a coordinate of a candidate's box lies.
   *
   * @param which 0 to 3: the centre's x, its y, width, height
   * @param candidate a candidate
   * @return an element of the outputs
   */
  Objective coordinate(int which, int candidate);

  /**
   * The probability that belongs to what a gradient starts from.
   *
   * @param logit the value of the objective, traced back to before the last function
   * @return in [0,1]; NaN where other logits decide too
   */
  double probability(double logit);

  /**
   * Where the values lie, for the scoring kernel of a GPU.
   *
   * @return empty where the head must be scored on the host
   */
  Optional<DeviceLayout> device();

  /** Reads the candidates of one image after another. For one thread at a time. */
  interface Reader {

    /**
     * Turns to an image.
     *
     * @param outputs the outputs that {@link Head#outputs} names; read later on, so they must not
     *     change while the image is read
     * @param image the image's place in the batch
     */
    void read(List<FloatBuffer> outputs, int image);

    /**
     * Where a candidate lies.
     *
     * @param candidate a candidate
     * @return in pixels of the input
     */
    Region region(int candidate);

    /**
     * What non-maximum suppression compares of a candidate, by {@link Region#similarity}.
     *
     * @param candidate a candidate
     * @return in pixels of the input
     */
    default Region compared(int candidate) {
      return region(candidate);
    }

    /**
     * The probability of a class at a candidate.
     *
     * @param classId a class
     * @param candidate a candidate
     * @return in [0,1] for a sound model
     */
    float probability(int classId, int candidate);

    /**
     * The probabilities of a class at all candidates.
     *
     * @param classId a class
     * @param into receives one value per candidate
     */
    default void probabilities(int classId, float[] into) {
      for (int i = 0; i < into.length; i++) {
        into[i] = probability(classId, i);
      }
    }

    /**
     * The bounds of all candidates, in pixels of the input.
     *
     * @param x1 receives the left edges; NaN where a coordinate is not finite
     * @param y1 receives the upper edges
     * @param x2 receives the right edges
     * @param y2 receives the lower edges
     */
    void bounds(float[] x1, float[] y1, float[] x2, float[] y2);
  }
}
