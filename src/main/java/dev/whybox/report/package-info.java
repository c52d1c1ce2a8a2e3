// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Results in words and files: JSON of the schema {@code whybox/1}, captions, caveats, NumPy arrays.
 * {@link dev.whybox.report.Report} is the JSON of one image; {@link dev.whybox.report.Caption} and
 * {@link dev.whybox.report.Caveats} write the texts in pictures. {@link
 * dev.whybox.report.OutputDirectory} writes files complete or not at all. Start at {@link
 * dev.whybox.report.Report}.
 */
package dev.whybox.report;
