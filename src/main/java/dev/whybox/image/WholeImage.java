// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import java.util.List;

/**
 * All of an image: what a classifier speaks of.
 *
 * @param bounds the image's edges, in pixels
 */
public record WholeImage(Box bounds) implements Region {

  @Override
  public Kind kind() {
    return Kind.WHOLE_IMAGE;
  }

  /** 1 with another whole image; else the IoU of the bounds. */
  @Override
  public float similarity(Region other) {
    return other instanceof WholeImage ? 1 : bounds.iou(other.bounds());
  }

  /** No lines: there is nothing to tell apart. */
  @Override
  public List<float[]> outline() {
    return List.of();
  }

  @Override
  public WholeImage moved(float dx, float dy) {
    return new WholeImage(bounds.moved(dx, dy));
  }

  @Override
  public WholeImage clip(float width, float height) {
    return new WholeImage(bounds.clip(width, height));
  }

  @Override
  public WholeImage toInput(Letterbox letterbox) {
    return new WholeImage(letterbox.toInput(bounds));
  }

  /** The whole image, whatever part of it the input shows. */
  @Override
  public WholeImage toImage(Letterbox letterbox) {
    return new WholeImage(new Box(0, 0, letterbox.imageWidth(), letterbox.imageHeight()));
  }
}
