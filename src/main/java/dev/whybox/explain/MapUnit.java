// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/**
 * The unit of a map's values.
 *
 * @param words the meaning of the colours of a map without sign, such as {@code score when kept}
 * @param spiky whether single pixels may have values far above all others, as gradients do. The
 *     colour scale of a picture then ends below these values
 * @param relative whether values of two maps cannot be compared, so that pictures give them in
 *     percent of the map's highest value
 */
public record MapUnit(String words, boolean spiky, boolean relative) {
  /** The target's score, or a part of it. */
  public static final MapUnit SCORE = new MapUnit("score when kept", false, false);

  /** The gradient of the target's logit at the pixels. */
  public static final MapUnit GRADIENT = new MapUnit("size of the gradient", true, false);

  /** Weighted activations of a layer. */
  public static final MapUnit ACTIVATION = new MapUnit("weight in the layer", false, true);

  /** The nearness of a pixel to the centre of the box, 1 at the centre. */
  public static final MapUnit NEARNESS = new MapUnit("nearness to the centre", false, false);

  /**
   * A unit in which the values of two maps can be compared.
   *
   * @param words the meaning of the colours
   * @param spiky whether single pixels may have values far above all others
   */
  public MapUnit(String words, boolean spiky) {
    this(words, spiky, false);
  }
}
