// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.image.Box;
import java.util.List;

/** What of a model is to be excited. */
public sealed interface DreamTarget {

  /**
   * The target as the command line takes it.
   *
   * @param classNames the model's classes
   * @return such as {@code class:bird}
   */
  String label(List<String> classNames);

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
  }

  /**
   * A channel of a layer: the mean of its activations over all positions.
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
  }

  /**
   * A neuron: one channel at one position.
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
      return "neuron:" + layer + ":" + channel + "," + row + "," + column;
    }
  }

  /**
   * A detection: an object of a class in a box. The value is the logit of the class at the anchor
   * that agrees best, plus {@value #BOX_WEIGHT} times the IoU of the anchor's box and this one.
   *
   * @param box in pixels of the picture, which has the size of the model's input
   * @param classId the class's number, from 0
   */
  record OfDetection(Box box, int classId) implements DreamTarget {
    /** Logits that a perfect box is worth: as much as lies between "hardly" and "surely". */
    public static final double BOX_WEIGHT = 10;

    @Override
    public String label(List<String> classNames) {
      return "detection:"
          + box.x1()
          + ","
          + box.y1()
          + ","
          + box.x2()
          + ","
          + box.y2()
          + ","
          + classNames.get(classId);
    }
  }
}
