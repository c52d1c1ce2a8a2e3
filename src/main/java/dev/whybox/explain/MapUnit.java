// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/**
 * What the values of a map are.
 *
 * @param words what the colours of a map without sign mean, such as {@code score when kept}
 * @param spiky whether single pixels may have values far above all others, as gradients have, so
 *     that a picture's colour scale ends below them
 */
public record MapUnit(String words, boolean spiky) {
  /** The target's score, or a part of it. */
  public static final MapUnit SCORE = new MapUnit("score when kept", false);

  /** The gradient of the target's logit at the pixels. */
  public static final MapUnit GRADIENT = new MapUnit("size of the gradient", true);

  /** Weighted activations of a layer. */
  public static final MapUnit ACTIVATION = new MapUnit("weight in the layer", false);

  /** How near a pixel is to the centre of the box; 1 there. */
  public static final MapUnit NEARNESS = new MapUnit("nearness to the centre", false);
}
