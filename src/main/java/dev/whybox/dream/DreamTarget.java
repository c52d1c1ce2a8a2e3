// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.image.Box;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part of a model that a picture is to excite. */
public sealed interface DreamTarget {

  /**
   * A short name of the target.
   *
   * @param classNames the model's classes
   * @return such as {@code class:bird}
   */
  String label(List<String> classNames);

  /**
   * The parameters of the target, by name.
   *
   * @param classNames the model's classes
   * @return the parameters for reports; {@code kind} comes first
   */
  Map<String, Object> parameters(List<String> classNames);

  /**
   * A class, anywhere in the picture and of any size. The value is the mean of the class's highest
   * logits, before the sigmoid; see {@link GradientAscent#anchors}.
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
   * A whole detection: a class in a box. The ascent raises the logits of the anchors chosen for the
   * box and moves their boxes towards it. The value is the mean logit minus {@value #DISTANCE}
   * times the mean distance between the edges of their boxes and those of the box, in units of the
   * box's width and height.
   *
   * @param box in pixels of the model's input
   * @param classId the class's number, from 0
   */
  record OfBox(Box box, int classId) implements DreamTarget {
    /** The cost of a distance as large as the box itself, in logits. */
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
   * A channel of a layer: the mean over all positions. If the layer ends in an activation function,
   * the ascent raises the function's input, see {@link Source}. Raising the output would fail where
   * the function is flat or falling: the slope of SiLU is 0 at −1.28 and negative below, and that
   * of ReLU is 0 below 0.
   *
   * @param layer a layer such as {@code model.15}, or a tensor's name; it must be a map [N,
   *     channels, height, width]
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
   * A neuron: one channel at one position. As with {@link OfChannel}, the value is read before the
   * activation function. In a moved view, the cell that shows the same part of the picture counts.
   *
   * @param layer a layer such as {@code model.15}, or a tensor's name; it must be a map [N,
   *     channels, height, width]
   * @param channel from 0
   * @param row from 0, downwards
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
