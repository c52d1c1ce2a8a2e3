// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package com.example;

import dev.whybox.blackbox.BlackBox;
import dev.whybox.blackbox.Estimator;
import dev.whybox.blackbox.Plan;
import dev.whybox.blackbox.Setting;
import dev.whybox.design.Coalitions;
import dev.whybox.explain.Approach;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Caveat;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.TargetSimilarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A method that somebody else adds, with public types alone: occlusion (Zeiler and Fergus 2014). It
 * hides one segment at a time; the value of a segment is the fall of the score.
 */
public record Occlusion(Segmentation segmentation) implements BlackBox {
  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "occlusion",
          Approach.BLACK_BOX,
          "the fall of the score when one segment is hidden; signed",
          "hides one segment at a time",
          "Zeiler & Fergus 2014",
          "one per segment",
          true,
          MapUnit.SCORE,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE, MethodOption.SEGMENTS),
          List.of(Caveat.always("occlusion hides one segment at a time and misses what two share")),
          settings -> new Occlusion(settings.segmentation().orElse(Segmentation.grid(4, 4))));

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public Baseline baseline() {
    return Baseline.GRAY;
  }

  @Override
  public TargetSimilarity similarity() {
    return TargetSimilarity.PROBABILITY;
  }

  @Override
  public int defaultSamples() {
    return 100;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("segments", segmentation.toString());
  }

  @Override
  public Plan plan(Setting setting) {
    Segments segments = segmentation.of(setting.content());
    return new Plan(
        new SegmentMasks(segments, new AllButOne(segments.count())),
        new Falls(segments, setting.targets()));
  }

  /** Sample i is every segment but the i-th. */
  private record AllButOne(int players) implements Coalitions {
    @Override
    public void get(long sample, long[] bits) {
      Arrays.fill(bits, 0);
      for (int k = 0; k < players; k++) {
        bits[k >> 6] |= k == sample ? 0 : 1L << k;
      }
    }

    @Override
    public Coalitions copy() {
      return this;
    }
  }

  /** A segment that was not hidden yet has the value 0. */
  private static final class Falls implements Estimator {
    private final Segments segments;
    private final float[][] scores;
    private int known;

    Falls(Segments segments, int targets) {
      this.segments = segments;
      this.scores = new float[targets][segments.count()];
    }

    @Override
    public long samples() {
      return segments.count();
    }

    @Override
    public void accept(long first, int count, float[] more) {
      for (int i = 0; i < count * scores.length; i++) {
        scores[i % scores.length][(int) first + i / scores.length] = more[i];
      }
      known = (int) first + count;
    }

    @Override
    public List<Estimate> estimate(References references) {
      List<Estimate> estimates = new ArrayList<>();
      for (int t = 0; t < scores.length; t++) {
        double[] values = new double[segments.count()];
        for (int k = 0; k < known; k++) {
          values[k] = (double) references.full()[t] - scores[t][k];
        }
        estimates.add(new Estimate(new SegmentValues(segments, values, new double[values.length])));
      }
      return estimates;
    }
  }
}
