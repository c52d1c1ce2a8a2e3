// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

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
   * A neuron: one channel at one position of what the model sees, whatever the view. After SiLU the
   * slope is 0 at −1.28 and turns the other way below, so a neuron that starts there may stay: seen
   * with {@code model.15:12,10,10} of the bundled model.
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
}
