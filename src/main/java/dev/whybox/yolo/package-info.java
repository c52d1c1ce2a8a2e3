// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * YOLO models: the model file, heads, detections, targets and their scores. {@link
 * dev.whybox.yolo.HeadKind} is the table of heads; a {@link dev.whybox.yolo.Head} reads the model's
 * output; a {@link dev.whybox.yolo.TargetScorer} scores targets on perturbed images. Start at
 * {@link dev.whybox.yolo.YoloModel}.
 */
package dev.whybox.yolo;
