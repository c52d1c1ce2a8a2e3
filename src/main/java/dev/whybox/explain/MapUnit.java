// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/**
 * The unit of a map's values.
 *
 * @param words the meaning of the colours of a map without sign, such as {@code score when kept}
 * @param spiky whether single pixels may have values far above all others, as gradients do. The
 *     colour scale of a picture then ends below these values
 */
public record MapUnit(String words, boolean spiky) {
  /** The target's score, or a part of it. */
  public static final MapUnit SCORE = new MapUnit("score when kept", false);

  /** The gradient of the target's logit at the pixels. */
  public static final MapUnit GRADIENT = new MapUnit("size of the gradient", true);

  /** Weighted activations of a layer. */
  public static final MapUnit ACTIVATION = new MapUnit("weight in the layer", false);

  /** The nearness of a pixel to the centre of the box, 1 at the centre. */
  public static final MapUnit NEARNESS = new MapUnit("nearness to the centre", false);
}
