// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Designs: which segments keep their pixels in sample i. Such a set of segments is called a
 * coalition. A design is a pure function of the seed and the sample's number, so every machine
 * draws the same coalitions and none is stored. Start at {@link dev.whybox.design.Coalitions}.
 */
package dev.whybox.design;
