// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * YOLO models: the file, the head, detections, targets and their scores. {@link
 * dev.whybox.yolo.HeadKind} is the table of heads.
 */
package dev.whybox.yolo;
