// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import org.bytedeco.javacpp.Pointer;

/** A pointer to an address, on the host or the GPU, that somebody else owns. */
final class Address extends Pointer {
  Address(long place) {
    super((Pointer) null);
    address = place;
  }
}
