// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The words of the API: methods and their table, budgets, progress, explanations and their
 * evidence. Nothing here runs a model.
 */
package dev.whybox.explain;
