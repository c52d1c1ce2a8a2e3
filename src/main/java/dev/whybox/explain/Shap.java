// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.image.Baseline;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.Agreement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * SHAP: Lundberg and Lee, "A unified approach to interpreting model predictions" (NeurIPS 2017).
 * Shapley values of the segments: exact by enumeration for up to {@value #EXACT_PLAYERS} segments,
 * else KernelSHAP with paired samples (Covert and Lee, "Improving KernelSHAP", AISTATS 2021). The
 * values always sum to the score of the full image less the score of the baseline.
 *
 * @param segmentation the players
 * @param baseline what an absent pixel shows
 * @param agreement how a perturbed image is scored
 */
public record Shap(Segmentation segmentation, Baseline baseline, Agreement agreement)
    implements BlackBox {

  /** Up to this many segments every coalition is evaluated, unless fewer samples are asked for. */
  public static final int EXACT_PLAYERS = 12;

  /**
   * About 100 superpixels, which follow the edges of things; Whybox's default baseline and score.
   */
  public Shap() {
    this(Segmentation.slic(100), Baseline.BLUR, Agreement.PROBABILITY);
  }

  @Override
  public String name() {
    return "shap";
  }

  @Override
  public int defaultSamples() {
    return 1000;
  }

  /**
   * The same method with other segments.
   *
   * @param other the players
   * @return a changed copy
   */
  public Shap withSegmentation(Segmentation other) {
    return new Shap(other, baseline, agreement);
  }

  @Override
  public Shap withBaseline(Baseline other) {
    return new Shap(segmentation, other, agreement);
  }

  @Override
  public Shap withAgreement(Agreement other) {
    return new Shap(segmentation, baseline, other);
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("segments", segmentation.toString());
    map.put("baseline", baseline.label());
    map.put("agreement", agreement.label());
    return map;
  }
}
