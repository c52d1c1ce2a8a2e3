// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Random numbers that are the same on every machine: a pure function of the seed and the sample's
 * number. {@link dev.whybox.random.Philox} gives random words, {@link dev.whybox.random.Normal}
 * normally distributed noise. Each use of the generator has a stream of its own. Start at {@link
 * dev.whybox.random.Philox}.
 */
package dev.whybox.random;
