// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Pictures in and out of the detector's frame: decoding with limits, letterbox, baselines. */
package dev.whybox.image;
