// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import java.util.Arrays;
import java.util.List;

/**
 * The starting point of a gradient: a weighted sum of elements of the model's outputs.
 *
 * @param elements at least one
 */
public record Objective(List<Element> elements) {

  /**
   * One element of an output.
   *
   * @param output the number of the output, from 0
   * @param index its place, one number per axis, for the first image
   * @param weight what it is multiplied by
   */
  public record Element(int output, List<Long> index, double weight) {

    /**
     * The place as an array.
     *
     * @return one number per axis
     */
    public long[] place() {
      return index.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /**
   * Copies the list.
   *
   * @param elements at least one
   */
  public Objective {
    elements = List.copyOf(elements);
  }

  /**
   * One element alone.
   *
   * @param output the number of the output, from 0
   * @param index its place, one number per axis, for the first image
   * @return the objective
   */
  public static Objective of(int output, long... index) {
    List<Long> place = Arrays.stream(index).boxed().toList();
    return new Objective(List.of(new Element(output, place, 1)));
  }
}
