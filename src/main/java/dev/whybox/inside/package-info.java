// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The inside of a model. {@link dev.whybox.inside.Inspection} lists the layers of a file and their
 * costs, {@link dev.whybox.inside.FeatureMaps} and {@link dev.whybox.inside.Kernels} show one
 * layer, and {@link dev.whybox.inside.ActivationStudy} measures the activation functions on images.
 * Start at {@link dev.whybox.inside.Inspection}.
 */
package dev.whybox.inside;
