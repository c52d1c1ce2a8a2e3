// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.dream.DreamPasses.Term;
import dev.whybox.dream.DreamTarget.OfBox;
import dev.whybox.gradient.GradientPass;
import dev.whybox.gradient.ModelGraph;
import dev.whybox.image.Box;
import dev.whybox.yolo.Head;
import dev.whybox.yolo.YoloModel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses the anchors that stand for a box in one view of the picture, and measures how far their
 * boxes are from it. It takes the anchors with the greatest √probability · IoU⁶: YOLOv8's training
 * assigns anchors to objects in this way (the task alignment of Feng et al., "TOOD: task-aligned
 * one-stage object detection", ICCV 2021). For one evaluation.
 */
final class BoxAim {
  private final YoloModel model;
  private final ModelGraph graph;
  private final int classId;
  private final int anchors;
  private final Box box;
  private final List<Term> logits = new ArrayList<>();
  private final List<Term> edges = new ArrayList<>();
  private double cost;

  BoxAim(YoloModel model, ModelGraph graph, OfBox target, Affine view, int anchors) {
    this.model = model;
    this.graph = graph;
    this.classId = target.classId();
    this.anchors = anchors;
    this.box = seen(target.box(), view);
  }

  /** The box's place in a view: it moves and grows with the picture, but it stays axis-aligned. */
  static Box seen(Box box, Affine view) {
    // Pixel centres lie at whole numbers; a box counts from pixel edges, half a pixel away.
    double x = (box.x1() + box.x2()) / 2.0 - 0.5;
    double y = (box.y1() + box.y2()) / 2.0 - 0.5;
    double[] centre = view.toView(x, y);
    double scale = 1 / Math.sqrt(view.xx() * view.yy() - view.xy() * view.yx());
    double halfWidth = scale * (box.x2() - box.x1()) / 2;
    double halfHeight = scale * (box.y2() - box.y1()) / 2;
    return new Box(
        (float) (centre[0] + 0.5 - halfWidth),
        (float) (centre[1] + 0.5 - halfHeight),
        (float) (centre[0] + 0.5 + halfWidth),
        (float) (centre[1] + 0.5 + halfHeight));
  }

  /** Chooses the anchors by the head's output. */
  void look(List<FloatBuffer> outputs) {
    Head.Reader reader = model.head().reader();
    reader.read(outputs, 0);
    float[] likely = new float[model.head().candidates()];
    reader.probabilities(classId, likely);
    double[] aligned = new double[likely.length];
    for (int a = 0; a < likely.length; a++) {
      aligned[a] = Math.sqrt(likely[a]) * Math.pow(box.iou(reader.region(a).bounds()), 6);
      if (!Double.isFinite(aligned[a])) {
        throw GradientPass.infinite(likely[a]);
      }
    }
    int[] best =
        IntStream.range(0, likely.length)
            .boxed()
            .sorted(Comparator.comparingDouble(anchor -> -aligned[anchor]))
            .limit(anchors)
            .mapToInt(Integer::intValue)
            .toArray();
    for (int anchor : best) {
      logits.add(Term.of(graph.joinedLogit(classId, anchor), 1.0 / best.length));
      draw(anchor, reader.region(anchor).bounds(), OfBox.DISTANCE / best.length);
    }
  }

  /** Adds the cost of one anchor's distance and the derivatives of that cost. */
  private void draw(int anchor, Box found, double weight) {
    double width = box.x2() - box.x1();
    double height = box.y2() - box.y1();
    double left = (found.x1() - box.x1()) / width;
    double right = (found.x2() - box.x2()) / width;
    double top = (found.y1() - box.y1()) / height;
    double bottom = (found.y2() - box.y2()) / height;
    double mean = Math.abs(left) + Math.abs(right) + Math.abs(top) + Math.abs(bottom);
    cost += weight * mean / 4;
    pull(anchor, 0, Math.signum(left) + Math.signum(right), weight / (4 * width));
    pull(anchor, 1, Math.signum(top) + Math.signum(bottom), weight / (4 * height));
    pull(anchor, 2, Math.signum(right) - Math.signum(left), weight / (8 * width));
    pull(anchor, 3, Math.signum(bottom) - Math.signum(top), weight / (8 * height));
  }

  private void pull(int anchor, int which, double direction, double weight) {
    edges.add(Term.of(graph.coordinate(which, anchor), -direction * weight));
  }

  /** Terms whose sum is the mean logit of the anchors. */
  List<Term> logits() {
    return logits;
  }

  /**
   * Terms whose gradient moves the anchors' boxes towards the box: minus the derivative of {@link
   * #cost}.
   */
  List<Term> edges() {
    return edges;
  }

  /** {@link OfBox#DISTANCE} times the mean distance, at least 0. */
  double cost() {
    return cost;
  }
}
