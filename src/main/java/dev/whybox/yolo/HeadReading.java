// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the outputs of a model's file were understood, where nodes were added to bring them into the
 * usual layout [N,4+classes,candidates]. The changed file carries it in its metadata.
 *
 * @param head the head's name, as {@code --head} takes it
 * @param note what was assumed or changed, in words; empty where there was nothing to say
 * @param assumed whether the file's metadata do not say it, so that it was told from shapes and
 *     numbers
 * @param classes how many classes there are, at least 1
 * @param written whether the first output is [N,4+classes,candidates] now; false where it was left
 *     as it was
 * @param product whether a score is a product of two numbers of the model, so that a gradient
 *     starts from the score itself and not from a logit
 * @param endToEnd whether the model was trained to give one box per object: then nothing is
 *     suppressed, and a candidate may be found with several classes
 */
public record HeadReading(
    String head,
    String note,
    boolean assumed,
    int classes,
    boolean written,
    boolean product,
    boolean endToEnd) {
  private static final String KEY = "whybox.";

  /**
   * The lines of metadata that say this.
   *
   * @return keys that begin with {@code whybox.}
   */
  public Map<String, String> metadata() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(KEY + "head", head);
    lines.put(KEY + "note", note);
    lines.put(KEY + "assumed", Boolean.toString(assumed));
    lines.put(KEY + "written", Boolean.toString(written));
    lines.put(KEY + "classes", Integer.toString(classes));
    lines.put(KEY + "product", Boolean.toString(product));
    lines.put(KEY + "endToEnd", Boolean.toString(endToEnd));
    return lines;
  }

  /**
   * Reads the lines of metadata.
   *
   * @param metadata of a model
   * @return empty where the file is as its exporter left it
   */
  public static Optional<HeadReading> of(Map<String, String> metadata) {
    String head = metadata.get(KEY + "head");
    if (head == null) {
      return Optional.empty();
    }
    return Optional.of(
        new HeadReading(
            head,
            metadata.get(KEY + "note"),
            Boolean.parseBoolean(metadata.get(KEY + "assumed")),
            Integer.parseInt(metadata.get(KEY + "classes")),
            Boolean.parseBoolean(metadata.get(KEY + "written")),
            Boolean.parseBoolean(metadata.get(KEY + "product")),
            Boolean.parseBoolean(metadata.get(KEY + "endToEnd"))));
  }

  /** The head of the changed model, whose first output has the usual layout. */
  Head head(List<int[]> outputs) {
    int[] sizes = outputs.get(0);
    return new AdaptedHead(new GridHead(classes, sizes[0], sizes[1], false), this);
  }
}
