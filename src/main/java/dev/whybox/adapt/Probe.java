// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.yolo.InputChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a model answered to one picture, and what its file says.
 *
 * @param outputs its outputs
 * @param scores what may be the scores of all candidates, before the model picks
 * @param boxes what may be the boxes of all candidates, before the model picks
 * @param cut where the model picks
 * @param size the size at which it ran
 * @param names the class names; empty where the file has none
 * @param forced whether the user named the head, so that what can't be known is believed
 */
record Probe(
    List<Output> outputs,
    List<Output> scores,
    List<Output> boxes,
    Cut cut,
    InputChoice size,
    List<String> names,
    boolean forced) {

  /**
   * A tensor of float32.
   *
   * @param tensor its name
   * @param sizes after the batch
   * @param values of the first image
   */
  record Output(String tensor, int[] sizes, float[] values) {
    String text() {
      return "[N"
          + String.join("", Arrays.stream(sizes).mapToObj(size -> "," + size).toList())
          + "]";
    }

    /** As numbers of candidates with so many rows, or of any number where it is 0. */
    Optional<Table> table(int rows, int count) {
      if (sizes.length != 2) {
        return Optional.empty();
      }
      boolean last = sizes[1] == count && (rows == 0 || sizes[0] == rows);
      boolean first = sizes[0] == count && (rows == 0 || sizes[1] == rows);
      if (!last && !first) {
        return Optional.empty();
      }
      return Optional.of(new Table(tensor, last ? sizes[0] : sizes[1], count, !last, values));
    }
  }

  /** The first output as numbers of the candidates of a grid. */
  Optional<Table> gridTable() {
    int[] sizes = outputs.get(0).sizes;
    if (sizes.length != 2) {
      return Optional.empty();
    }
    int count = grid(sizes[1]) != null ? sizes[1] : grid(sizes[0]) != null ? sizes[0] : 0;
    return count == 0 ? Optional.empty() : outputs.get(0).table(0, count);
  }

  /** The grid of so many candidates, or null. */
  Grid grid(int count) {
    return Grid.of(count, size.height(), size.width());
  }

  /** The same where the file's names are not believed. */
  Probe withoutNames() {
    return new Probe(outputs, scores, boxes, cut, size, List.of(), forced);
  }

  /** All outputs, for messages. */
  String text() {
    List<String> texts = new ArrayList<>();
    outputs.forEach(output -> texts.add(output.text()));
    return String.join(", ", texts);
  }
}
