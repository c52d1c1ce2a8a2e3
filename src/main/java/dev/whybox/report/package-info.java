// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Results in words and files: the JSON of the schema {@code whybox/1}, captions, caveats, NumPy
 * arrays, folders that hold whole files or none.
 */
package dev.whybox.report;
