// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.Agreement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * LIME: Ribeiro, Singh, Guestrin, "Why should I trust you?" (KDD 2016). A ridge regression of the
 * score on which segments are present, weighted by how near a coalition is to the full image:
 * exp(−d²/σ²), d the cosine distance to the full image.
 *
 * @param segmentation the segments
 * @param kernelWidth σ, above 0; the paper's code takes 0.25
 * @param ridge the ridge penalty, at least 0; the paper's code takes 1
 * @param baseline what an absent pixel shows
 * @param agreement how a perturbed image is scored
 */
public record Lime(
    Segmentation segmentation,
    double kernelWidth,
    double ridge,
    Baseline baseline,
    Agreement agreement)
    implements BlackBox {

  /** The paper's parameters on about 100 superpixels, Whybox's default baseline and score. */
  public Lime() {
    this(Segmentation.slic(100), 0.25, 1, Baseline.BLUR, Agreement.PROBABILITY);
  }

  /**
   * Checks the ranges.
   *
   * @param segmentation the segments
   * @param kernelWidth above 0
   * @param ridge at least 0
   * @param baseline what an absent pixel shows
   * @param agreement how a perturbed image is scored
   * @throws BadArgument where a parameter is outside its range
   */
  public Lime {
    if (!(kernelWidth > 0 && kernelWidth < Double.POSITIVE_INFINITY)) {
      throw new BadArgument("LIME's kernel width must be above 0, but is " + kernelWidth + ".");
    }
    if (!(ridge >= 0 && ridge < Double.POSITIVE_INFINITY)) {
      throw new BadArgument("LIME's ridge penalty must be at least 0, but is " + ridge + ".");
    }
  }

  /** exp(−d²/σ²), d = 1 − cosine of the coalition's and the full image's vectors. */
  double weight(int size, int players) {
    double distance = 1 - Math.sqrt((double) size / players);
    return Math.exp(-distance * distance / (kernelWidth * kernelWidth));
  }

  @Override
  public String name() {
    return "lime";
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
  public Lime withSegmentation(Segmentation other) {
    return new Lime(other, kernelWidth, ridge, baseline, agreement);
  }

  @Override
  public Lime withBaseline(Baseline other) {
    return new Lime(segmentation, kernelWidth, ridge, other, agreement);
  }

  @Override
  public Lime withAgreement(Agreement other) {
    return new Lime(segmentation, kernelWidth, ridge, baseline, other);
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("segments", segmentation.toString());
    map.put("kernelWidth", kernelWidth);
    map.put("ridge", ridge);
    map.put("baseline", baseline.label());
    map.put("agreement", agreement.label());
    return map;
  }
}
