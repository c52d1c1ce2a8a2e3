// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import dev.whybox.engine.EngineInfo;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The feature maps of one layer for one image, and each channel's contribution to a target.
 *
 * <p>A channel's contribution is its gradient times its activation, summed over all positions of
 * the layer: Σp g(c,p)·A(c,p). It is, to first order, the change of the target's logit if the
 * channel were set to 0, with the sign reversed. The same products, summed over channels at each
 * position, are HiResCAM: Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful
 * explanations of convolutional neural networks", 2020, after Grad-CAM, Selvaraju et al., ICCV
 * 2017.
 *
 * @param image the image
 * @param model the model
 * @param engine the engine that ran the model
 * @param target the target that the channels contribute to
 * @param logit the logit of the target's class, before the sigmoid
 * @param layer the layer in the user's words, such as {@code model.15}
 * @param tensor the name of its tensor
 * @param height rows of a map
 * @param width columns of a map
 * @param activations {@code channels × height × width} values, the letterbox's padding included
 * @param contributions one signed value per channel, in logits
 */
public record FeatureMaps(
    Image image,
    ModelInfo model,
    EngineInfo engine,
    Target target,
    double logit,
    String layer,
    String tensor,
    int height,
    int width,
    float[] activations,
    double[] contributions) {

  /**
   * Sums gradient times activation over the positions of each channel.
   *
   * @param activations {@code channels × positions} values
   * @param gradients the logit's gradient at each activation
   * @param channels the number of channels
   * @return one sum per channel
   */
  public static double[] contributions(float[] activations, float[] gradients, int channels) {
    int positions = activations.length / channels;
    double[] sums = new double[channels];
    for (int i = 0; i < activations.length; i++) {
      sums[i / positions] += (double) gradients[i] * activations[i];
    }
    return sums;
  }

  /**
   * The number of channels.
   *
   * @return at least 1
   */
  public int channels() {
    return contributions.length;
  }

  /**
   * The contribution of the whole layer.
   *
   * @return the sum over the channels, in logits
   */
  public double sum() {
    return Arrays.stream(contributions).sum();
  }

  /**
   * Sorts the channels by the absolute value of their contribution, the largest first.
   *
   * @return the numbers of all channels
   */
  public List<Integer> order() {
    return IntStream.range(0, channels())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> -Math.abs(contributions[c])))
        .toList();
  }

  /**
   * The map of one channel.
   *
   * @param channel the channel's number, from 0
   * @return {@code height × width} activations
   */
  public float[] map(int channel) {
    int cells = height * width;
    return Arrays.copyOfRange(activations, channel * cells, (channel + 1) * cells);
  }
}
