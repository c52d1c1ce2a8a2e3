// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.yolo.HeadReading;
import java.util.List;
import java.util.function.Function;

/**
 * How the outputs of a model are to be understood.
 *
 * @param means for the readers of the changed model
 * @param wants what values the model is known to expect; null where the file says it
 * @param names the class names; empty where they are not known
 * @param task such as {@code detect}
 * @param rows numbers per candidate that the written tensor has
 * @param candidates how many candidates the written tensor has
 * @param writes adds nodes and gives the tensor [N,rows,candidates]; null where the first output is
 *     right as it is
 */
record Reading(
    HeadReading means,
    InputValues wants,
    List<String> names,
    String task,
    int rows,
    int candidates,
    Function<GraphEdit, String> writes) {

  /** A reading of boxes and classes alone. */
  static Reading boxes(
      HeadReading means, List<String> names, int candidates, Function<GraphEdit, String> writes) {
    return new Reading(means, null, names, "detect", 4 + means.classes(), candidates, writes);
  }
}
