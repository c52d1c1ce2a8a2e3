// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Coalitions: which segments keep their pixels in sample i. A design is a function of the seed and
 * the sample's number, so every machine draws the same.
 */
package dev.whybox.design;
