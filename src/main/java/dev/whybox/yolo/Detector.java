// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.image.Box;
import dev.whybox.image.Letterbox;
import dev.whybox.image.Region;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From the raw head to detections: confidence threshold, best class an anchor, greedy non-maximum
 * suppression within a class, as Ultralytics' predict does. A classifier lists its likeliest
 * classes, whatever the threshold. For one thread at a time.
 */
final class Detector {
  /** At most this many candidates go into the suppression, the best first. */
  private static final int MAX_CANDIDATES = 30_000;

  /** At most this many detections come out, the best first. */
  private static final int MAX_DETECTIONS = 300;

  private final YoloModel model;
  private final Head head;
  private final Head.Reader reader;
  private final float[] row;
  private final float[] best;
  private final int[] bestClass;

  /**
   * A detector with scratch memory of its own.
   *
   * @param model the model
   */
  public Detector(YoloModel model) {
    this.model = model;
    this.head = model.head();
    this.reader = head.reader();
    this.row = new float[head.candidates()];
    this.best = new float[head.candidates()];
    this.bestClass = new int[head.candidates()];
  }

  /**
   * Decodes the first image of a batch.
   *
   * @param outputs the model's outputs that the head reads
   * @param letterbox how the image was fitted into the input
   * @param confidence a detection's score is above this, in [0,1]
   * @param iou a box that overlaps a better one of its class by more than this goes, in [0,1];
   *     rotated boxes are compared by {@link dev.whybox.image.RotatedBox#similarity}
   * @return the detections, the best first; those that lie wholly in the padding are left out
   * @throws NonFiniteOutput where the model answers with NaN or infinity
   */
  public List<Detection> detect(
      List<FloatBuffer> outputs, Letterbox letterbox, float confidence, float iou) {
    if (head.listed() > 0) {
      return likeliest(outputs, letterbox);
    }
    List<Candidate> candidates = candidates(outputs, confidence);
    candidates.sort(
        Comparator.comparingDouble((Candidate c) -> -c.score).thenComparingInt(c -> c.anchor));
    List<Candidate> kept = new ArrayList<>();
    for (int i = 0; i < Math.min(candidates.size(), MAX_CANDIDATES); i++) {
      Candidate candidate = candidates.get(i);
      if (kept.size() == MAX_DETECTIONS) {
        break;
      }
      if (kept.stream().noneMatch(k -> k.suppresses(candidate, iou))) {
        kept.add(candidate);
      }
    }
    return kept.stream()
        .map(
            c ->
                new Detection(
                    reader.region(c.anchor).toImage(letterbox),
                    c.classId,
                    model.info().names().get(c.classId),
                    c.score,
                    c.anchor))
        .filter(
            detection ->
                detection.box().clip(letterbox.imageWidth(), letterbox.imageHeight()).area() > 0)
        .toList();
  }

  /** The likeliest classes of a classifier; of equal ones the first. */
  private List<Detection> likeliest(List<FloatBuffer> outputs, Letterbox letterbox) {
    reader.read(outputs, 0);
    IntStream.range(0, head.classes()).forEach(c -> requireFinite(reader.probability(c, 0), 0));
    return IntStream.range(0, head.classes())
        .boxed()
        .sorted(Comparator.comparingDouble(c -> -reader.probability(c, 0)))
        .limit(head.listed())
        .map(
            c ->
                new Detection(
                    reader.region(0).toImage(letterbox),
                    c,
                    model.info().names().get(c),
                    reader.probability(c, 0),
                    0))
        .toList();
  }

  private List<Candidate> candidates(List<FloatBuffer> outputs, float confidence) {
    reader.read(outputs, 0);
    Arrays.fill(best, confidence);
    Arrays.fill(bestClass, -1);
    for (int c = 0; c < head.classes(); c++) {
      reader.probabilities(c, row);
      for (int a = 0; a < row.length; a++) {
        float score = row[a];
        // Written so that NaN comes in here too.
        if (!(score <= best[a])) {
          requireFinite(score, a);
          best[a] = score;
          bestClass[a] = c;
        }
      }
    }
    List<Candidate> candidates = new ArrayList<>();
    for (int a = 0; a < row.length; a++) {
      if (bestClass[a] >= 0) {
        Region region = reader.compared(a);
        Box box = region.bounds();
        requireFinite(box.area() + box.x1() + box.y1(), a);
        candidates.add(new Candidate(region, bestClass[a], best[a], a));
      }
    }
    return candidates;
  }

  static void requireFinite(float value, int anchor) {
    if (!Float.isFinite(value)) {
      throw new NonFiniteOutput(
          "The model answered with "
              + value
              + " at anchor "
              + anchor
              + ". Its numbers must be finite; check the export (half-precision overflow is a usual"
              + " cause: export with half=False).");
    }
  }

  private record Candidate(Region region, int classId, float score, int anchor) {
    boolean suppresses(Candidate other, float limit) {
      return classId == other.classId && region.similarity(other.region) > limit;
    }
  }
}
