// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0

/** Somebody else's module, which uses Whybox. */
module consumer {
  requires dev.whybox;
}
