// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import java.util.Optional;

/**
 * The head of a model whose outputs were brought into the usual layout.
 *
 * @param grid reads the usual layout
 * @param means how the model's own outputs were understood
 */
record AdaptedHead(GridHead grid, HeadReading means) implements OnGrid {
  @Override
  public boolean boxes() {
    return grid.boxes();
  }

  @Override
  public boolean endToEnd() {
    return means.endToEnd();
  }

  @Override
  public boolean isProduct() {
    return means.product();
  }

  @Override
  public Reader reader() {
    return grid.reader();
  }

  @Override
  public double probability(double logit) {
    return means.product() ? Math.min(1, Math.max(0, logit)) : grid.probability(logit);
  }

  @Override
  public Optional<DeviceLayout> device() {
    return grid.device();
  }
}
