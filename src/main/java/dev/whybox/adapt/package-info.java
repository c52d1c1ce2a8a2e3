// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Turns the files of many exporters into the one form that the rest of Whybox reads: an input
 * [N,3,height,width] of RGB in [0,1], and boxes and class probabilities [N,4+classes,candidates] in
 * pixels of the input. Nodes are added to the graph, so every engine, and the gradient, runs the
 * same model. {@link dev.whybox.adapt.HeadLayout} is the table of the heads; start at {@link
 * dev.whybox.adapt.Adapter}.
 */
package dev.whybox.adapt;
