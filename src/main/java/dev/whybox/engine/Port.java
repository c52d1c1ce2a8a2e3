// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import java.util.Arrays;

/**
 * A tensor that a lane reads or writes.
 *
 * @param name its name in the model
 * @param shape its sizes, the batch included; all above 0
 */
public record Port(String name, long[] shape) {

  /**
   * How many values the tensor has.
   *
   * @return the product of its sizes
   */
  public long values() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
