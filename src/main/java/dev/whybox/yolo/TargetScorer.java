// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.image.Box;
import dev.whybox.image.Region;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Scores of targets on a head: for each target the best {@link TargetSimilarity} over all
 * candidates, before any threshold. Regions are cut to the content first, as the target's region
 * is. Where {@link Rivals} are left out, a detection's score on its own image is its class
 * probability. Boxes go without objects. Regions of other kinds cost more to compare, so only the
 * {@value #COMPARED} candidates with the best IoU of bounds × probability are asked for their
 * {@link Region#similarity}. Immutable; {@link Scratch} is for one thread.
 */
public final class TargetScorer implements Score {
  /** How many candidates per target and image are compared by more than their bounds. */
  static final int COMPARED = 8;

  private final Head head;
  private final TargetSimilarity similarity;
  private final List<Region> regions;
  private final List<Box> boxes;
  private final boolean plain;
  private final int[] classes;
  private final float[][] vectors;
  private final Box content;
  private final Rivals rivals;

  TargetScorer(
      Head head,
      TargetSimilarity similarity,
      List<? extends Region> regions,
      int[] classes,
      float[][] vectors,
      Box content) {
    this(head, similarity, regions, classes, vectors, content, Rivals.none(classes.length));
  }

  private TargetScorer(
      Head head,
      TargetSimilarity similarity,
      List<? extends Region> regions,
      int[] classes,
      float[][] vectors,
      Box content,
      Rivals rivals) {
    this.head = head;
    this.similarity = similarity;
    this.regions = regions.stream().<Region>map(region -> within(region, content)).toList();
    this.boxes =
        regions.stream()
            .map(
                region ->
                    region instanceof Box box
                        ? box
                        : within(region, content)
                            .bounds()
                            .clip(content.x2() - content.x1(), content.y2() - content.y1())
                            .moved(content.x1(), content.y1()))
            .toList();
    this.plain = head.boxes() && regions.stream().allMatch(Box.class::isInstance);
    this.classes = classes;
    this.vectors = vectors;
    this.content = content;
    this.rivals = rivals;
  }

  /**
   * A scorer for which candidates of other objects do not speak.
   *
   * @param others the other objects near each target
   * @return a changed copy; its {@link #device} is empty where there are any, since the kernel of
   *     GPUs does not know of them
   */
  public TargetScorer without(Rivals others) {
    List<Region> back =
        regions.stream().<Region>map(r -> r.moved(content.x1(), content.y1())).toList();
    return new TargetScorer(head, similarity, back, classes, vectors, content, others);
  }

  /**
   * A scorer.
   *
   * @param model the model
   * @param targets what to score
   * @param regions the targets' regions in input pixels, within the content
   * @param content where the image lies in the input, in input pixels
   * @param similarity how a candidate agrees with a target
   * @param outputs what the head reads on the unperturbed image, as its first image; needed for
   *     {@link TargetSimilarity#COSINE} alone, else null
   * @return the scorer
   */
  public static TargetScorer of(
      YoloModel model,
      List<? extends Target> targets,
      List<? extends Region> regions,
      Box content,
      TargetSimilarity similarity,
      List<FloatBuffer> outputs) {
    Head head = model.head();
    int[] classes = targets.stream().mapToInt(head::scored).toArray();
    float[][] vectors = new float[targets.size()][];
    if (similarity == TargetSimilarity.COSINE) {
      for (int t = 0; t < vectors.length; t++) {
        vectors[t] = new float[head.classes()];
        if (targets.get(t) instanceof Target.Found found) {
          Head.Reader reader = head.reader();
          reader.read(outputs, 0);
          for (int c = 0; c < head.classes(); c++) {
            vectors[t][c] = reader.probability(c, found.detection().anchor());
          }
        } else {
          vectors[t][targets.get(t).classId()] = 1;
        }
      }
    }
    return new TargetScorer(head, similarity, regions, classes, vectors, content);
  }

  /** A region in pixels of the content, cut to it. */
  private static Region within(Region region, Box content) {
    return region
        .moved(-content.x1(), -content.y1())
        .clip(content.x2() - content.x1(), content.y2() - content.y1());
  }

  @Override
  public int targets() {
    return classes.length;
  }

  /**
   * All that a scorer in another memory needs to know.
   *
   * @param layout where the values lie
   * @param boxes {@code targets × 4}: x1, y1, x2, y2 in input pixels
   * @param classIds one per target
   * @param vectors {@code targets × classes} probabilities for the cosine, or null
   * @param content where the image lies in the input, in input pixels
   */
  public record Parameters(
      DeviceLayout layout, float[] boxes, int[] classIds, float[] vectors, Box content) {
    /**
     * Values per anchor.
     *
     * @return at least 5
     */
    public int rows() {
      return layout.rows();
    }

    /**
     * How many anchors there are.
     *
     * @return at least 1
     */
    public int anchors() {
      return layout.candidates();
    }

    /**
     * Whether the layout is [anchors, rows] instead of [rows, anchors].
     *
     * @return false for usual exports
     */
    public boolean anchorsFirst() {
      return layout.candidatesFirst();
    }

    /**
     * How many classes there are.
     *
     * @return at least 1
     */
    public int classes() {
      return layout.classes();
    }
  }

  @Override
  public Optional<Parameters> device() {
    return plain && !rivals.any() ? head.device().map(this::parameters) : Optional.empty();
  }

  private Parameters parameters(DeviceLayout layout) {
    float[] corners = new float[4 * boxes.size()];
    float[] flat =
        similarity == TargetSimilarity.COSINE ? new float[targets() * head.classes()] : null;
    for (int t = 0; t < targets(); t++) {
      Box box = boxes.get(t);
      corners[4 * t] = box.x1();
      corners[4 * t + 1] = box.y1();
      corners[4 * t + 2] = box.x2();
      corners[4 * t + 3] = box.y2();
      if (flat != null) {
        System.arraycopy(vectors[t], 0, flat, t * head.classes(), head.classes());
      }
    }
    return new Parameters(layout, corners, classes.clone(), flat, content);
  }

  @Override
  public List<Integer> outputs() {
    return head.outputs();
  }

  @Override
  public Scratch scratch() {
    return new Scratch();
  }

  /** Scratch memory and the loop over anchors. For one thread at a time. */
  public final class Scratch implements Score.Scratch {
    private final Head.Reader reader = head.reader();
    private final float[] x1 = new float[head.candidates()];
    private final float[] y1 = new float[head.candidates()];
    private final float[] x2 = new float[head.candidates()];
    private final float[] y2 = new float[head.candidates()];
    private final float[] row = new float[head.candidates()];
    private final int[] listed = new int[COMPARED];
    private final float[] keys = new float[COMPARED];

    private Scratch() {}

    @Override
    public void score(List<FloatBuffer> outputs, int image, float[] scores, int offset) {
      corners(outputs, image);
      int copied = -1;
      for (int t = 0; t < classes.length; t++) {
        if (similarity == TargetSimilarity.COSINE) {
          scores[offset + t] = cosine(t);
          continue;
        }
        if (copied != classes[t]) {
          reader.probabilities(classes[t], row);
          copied = classes[t];
        }
        scores[offset + t] = probability(t);
      }
    }

    /**
     * The anchor that speaks for a target: of the best IoU · probability, or of the best IoU where
     * all probabilities are 0.
     *
     * @param outputs the model's outputs that the head reads
     * @param image the image's place in the batch
     * @param target the target's number
     * @return an index on the anchor axis; −1 where no anchor's box overlaps with the target's
     * @throws NonFiniteOutput where the model answers with NaN or infinity
     */
    public int anchor(List<FloatBuffer> outputs, int image, int target) {
      corners(outputs, image);
      reader.probabilities(classes[target], row);
      if (!plain) {
        int found = anchorByRegion(target);
        if (found < 0) {
          Arrays.fill(row, 1);
          found = anchorByRegion(target);
        }
        return found;
      }
      int best = -1;
      float product = 0;
      float overlap = 0;
      for (int a = 0; a < row.length; a++) {
        Detector.requireFinite(row[a], a);
        float iou = similarity(target, a);
        if (iou * row[a] > product || (product == 0 && iou > overlap)) {
          best = a;
          product = iou * row[a];
          overlap = iou;
        }
      }
      return best;
    }

    /**
     * The probability of a target's class at an anchor.
     *
     * @param outputs the model's outputs that the head reads
     * @param image the image's place in the batch
     * @param target the target's number
     * @param anchor an index on the anchor axis
     * @return in [0,1]
     */
    public float probability(List<FloatBuffer> outputs, int image, int target, int anchor) {
      reader.read(outputs, image);
      return reader.probability(classes[target], anchor);
    }

    /** Corners inside the content; not-finite ones stay so, for whoever looks at this anchor. */
    private void corners(List<FloatBuffer> outputs, int image) {
      reader.read(outputs, image);
      reader.bounds(x1, y1, x2, y2);
      for (int a = 0; a < x1.length; a++) {
        x1[a] = Math.max(x1[a], content.x1());
        x2[a] = Math.min(x2[a], content.x2());
        y1[a] = Math.max(y1[a], content.y1());
        y2[a] = Math.min(y2[a], content.y2());
      }
    }

    /** The best product among the listed candidates; −1 where all are 0. */
    private int anchorByRegion(int target) {
      int best = -1;
      float product = 0;
      int count = list(target);
      for (int i = 0; i < count; i++) {
        float found = row[listed[i]] * byRegion(target, listed[i]);
        if (found > product) {
          best = listed[i];
          product = found;
        }
      }
      return best;
    }

    /** Lists the candidates with the best IoU of bounds × row, the best first. */
    private int list(int target) {
      int count = 0;
      float least = 0;
      for (int a = 0; a < row.length; a++) {
        // An IoU is at most 1. NaN comes in here too.
        if (!(row[a] <= least)) {
          Detector.requireFinite(row[a], a);
          float key = row[a] * similarity(target, a);
          if (key > least) {
            int i = count < COMPARED ? count++ : COMPARED - 1;
            for (; i > 0 && keys[i - 1] < key; i--) {
              keys[i] = keys[i - 1];
              listed[i] = listed[i - 1];
            }
            keys[i] = key;
            listed[i] = a;
            least = count == COMPARED ? keys[COMPARED - 1] : 0;
          }
        }
      }
      return count;
    }

    private float byRegion(int target, int a) {
      return regions.get(target).similarity(within(reader.region(a), content));
    }

    /** The IoU of bounds; 0 where the candidate overlaps more with a rival. */
    private float similarity(int target, int a) {
      Detector.requireFinite(x1[a], a);
      float found = iou(a, boxes.get(target));
      Rivals.Near near = rivals.near(target);
      if (near.others().isEmpty()) {
        return found;
      }
      float own = near.own() == null ? found : Math.max(found, iou(a, near.own()));
      for (Box rival : near.others()) {
        if (iou(a, rival) > own) {
          return 0;
        }
      }
      return found;
    }

    private float iou(int a, Box box) {
      return Box.iou(x1[a], y1[a], x2[a], y2[a], box.x1(), box.y1(), box.x2(), box.y2());
    }

    /** The best product of row and similarity of the listed candidates. */
    private float bestByRegion(int target) {
      float best = 0;
      int count = list(target);
      for (int i = 0; i < count; i++) {
        if (row[listed[i]] > best) {
          best = Math.max(best, row[listed[i]] * byRegion(target, listed[i]));
        }
      }
      return best;
    }

    private float probability(int target) {
      if (!plain) {
        return bestByRegion(target);
      }
      float best = 0;
      for (int a = 0; a < row.length; a++) {
        // A similarity is at most 1, so an anchor below the best so far can't win. NaN comes in
        // here too.
        if (!(row[a] <= best)) {
          Detector.requireFinite(row[a], a);
          best = Math.max(best, row[a] * similarity(target, a));
        }
      }
      return best;
    }

    private float cosine(int target) {
      if (!plain) {
        for (int a = 0; a < row.length; a++) {
          row[a] = similarity(target, a) > 0 ? cosineOfClasses(a, vectors[target]) : 0;
        }
        return bestByRegion(target);
      }
      float best = 0;
      for (int a = 0; a < row.length; a++) {
        float iou = similarity(target, a);
        if (iou > best) {
          best = Math.max(best, iou * cosineOfClasses(a, vectors[target]));
        }
      }
      return best;
    }

    private float cosineOfClasses(int anchor, float[] vector) {
      float dot = 0;
      float left = 0;
      float right = 0;
      for (int c = 0; c < vector.length; c++) {
        float p = reader.probability(c, anchor);
        dot += p * vector[c];
        left += p * p;
        right += vector[c] * vector[c];
      }
      Detector.requireFinite(dot, anchor);
      return left > 0 && right > 0 ? (float) (dot / Math.sqrt((double) left * right)) : 0;
    }
  }
}
