// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.image.Box;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What of a model is to be excited. */
public sealed interface DreamTarget {

  /**
   * The target in short.
   *
   * @param classNames the model's classes
   * @return such as {@code class:bird}
   */
  String label(List<String> classNames);

  /**
   * All that distinguishes the target, by name.
   *
   * @param classNames the model's classes
   * @return for reports, with {@code kind} first
   */
  Map<String, Object> parameters(List<String> classNames);

  /**
   * A class, anywhere and of any size: the mean of the class's highest logits, before the sigmoid;
   * see {@link GradientAscent#anchors}.
   *
   * @param classId the class's number, from 0
   */
  record OfClass(int classId) implements DreamTarget {
    @Override
    public String label(List<String> classNames) {
      return "class:" + classNames.get(classId);
    }

    @Override
    public Map<String, Object> parameters(List<String> classNames) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("kind", "class");
      map.put("class", classId);
      map.put("name", classNames.get(classId));
      return map;
    }
  }

  /**
   * A whole detection: a class in a box. The logit of the anchors that speak for the box is raised,
   * and their boxes are drawn to it. The value is the mean logit less {@value #DISTANCE} × the mean
   * distance of the boxes' edges from those of the box, in its widths and heights.
   *
   * @param box in pixels of the model's input
   * @param classId the class's number, from 0
   */
  record OfBox(Box box, int classId) implements DreamTarget {
    /** What being off by the box's own size costs, in logits. */
    public static final double DISTANCE = 20;

    @Override
    public String label(List<String> classNames) {
      return String.format(
          Locale.ROOT,
          "box:%s:%.0f,%.0f,%.0f,%.0f",
          classNames.get(classId),
          box.x1(),
          box.y1(),
          box.x2(),
          box.y2());
    }

    @Override
    public Map<String, Object> parameters(List<String> classNames) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("kind", "detection");
      map.put("class", classId);
      map.put("name", classNames.get(classId));
      map.put("box", List.of(box.x1(), box.y1(), box.x2(), box.y2()));
      map.put("distanceWeight", DISTANCE);
      return map;
    }
  }

  /**
   * A channel of a layer: the mean over all positions. Where the layer ends in an activation
   * function, what the function reads is raised, see {@link Source}: the slope of SiLU is 0 at
   * −1.28 and turns the other way below, that of ReLU is 0 below 0, so what starts there would
   * stay.
   *
   * @param layer a layer such as {@code model.15}, or a tensor's name; a map [N, channels, height,
   *     width]
   * @param channel from 0
   */
  record OfChannel(String layer, int channel) implements DreamTarget {
    @Override
    public String label(List<String> classNames) {
      return "channel:" + layer + ":" + channel;
    }

    @Override
    public Map<String, Object> parameters(List<String> classNames) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("kind", "channel");
      map.put("layer", layer);
      map.put("channel", channel);
      return map;
    }
  }

  /**
   * A neuron: one channel at one position; before the activation function as with {@link
   * OfChannel}. Of a view it is the cell that sees the same part of the picture.
   *
   * @param layer a layer such as {@code model.15}, or a tensor's name; a map [N, channels, height,
   *     width]
   * @param channel from 0
   * @param row from 0, down
   * @param column from 0, to the right
   */
  record OfNeuron(String layer, int channel, int row, int column) implements DreamTarget {
    @Override
    public String label(List<String> classNames) {
      return "neuron:" + layer + ":" + channel + ":" + column + "," + row;
    }

    @Override
    public Map<String, Object> parameters(List<String> classNames) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("kind", "neuron");
      map.put("layer", layer);
      map.put("channel", channel);
      map.put("column", column);
      map.put("row", row);
      return map;
    }
  }
}
