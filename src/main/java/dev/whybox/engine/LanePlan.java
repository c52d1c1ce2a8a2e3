// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

/**
 * How samples are spread over a CPU or a GPU.
 *
 * @param lanes how many runs are under way at once, at least 1
 * @param threads threads per run, at least 1; no matter on a GPU
 * @param batch images per run, at least 1
 */
public record LanePlan(int lanes, int threads, int batch) {

  /**
   * How many images are under way at once.
   *
   * @return {@code lanes × batch}
   */
  public int width() {
    return lanes * batch;
  }
}
