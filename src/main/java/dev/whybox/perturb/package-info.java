// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Segments, coalitions, masks and the evaluator that turns them into scores. */
package dev.whybox.perturb;
