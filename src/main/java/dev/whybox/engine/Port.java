// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

/**
 * A tensor that a lane reads or writes.
 *
 * @param name its name in the model
 * @param shape its sizes, the batch included; all above 0
 */
public record Port(String name, long[] shape) {}
