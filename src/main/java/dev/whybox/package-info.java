// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The entry to Whybox: it opens a model, detects objects, explains detections and draws pictures
 * that excite a target. {@link dev.whybox.Methods} is the table of methods, {@link
 * dev.whybox.Options} the settings of a model. Start at {@link dev.whybox.Whybox}.
 */
package dev.whybox;
