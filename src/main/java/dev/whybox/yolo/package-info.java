// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * What a YOLO model says of itself, its head, non-maximum suppression, targets and their scores.
 */
package dev.whybox.yolo;
