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
 * The feature maps of a layer for an image, and how much each channel adds to a target.
 *
 * <p>A channel's contribution is its gradient times its activation, summed over all positions of
 * the layer: Σp g(c,p)·A(c,p). It is the first-order change of the target's logit where the channel
 * is set to 0 (gradient × activation; summed over channels instead, at every position, it is
 * HiResCAM: Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations of
 * convolutional neural networks", 2020, after Grad-CAM, Selvaraju et al., ICCV 2017).
 *
 * @param image the image
 * @param model the model
 * @param engine what ran it
 * @param target what the contributions are to
 * @param logit the target's class logit, before the sigmoid
 * @param layer the layer as a user would name it, such as {@code model.15}
 * @param tensor its tensor
 * @param height rows of a map
 * @param width columns of a map
 * @param activations {@code channels × height × width} values, the letterbox's padding included
 * @param contributions one per channel, in logits; signed
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
   * Sums up gradient times activation.
   *
   * @param activations {@code channels × positions} values
   * @param gradients the logit's gradient at each of them
   * @param channels how many channels
   * @return a sum per channel
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
   * How many channels.
   *
   * @return at least 1
   */
  public int channels() {
    return contributions.length;
  }

  /**
   * What the whole layer adds up to.
   *
   * @return the sum of the contributions, in logits
   */
  public double sum() {
    return Arrays.stream(contributions).sum();
  }

  /**
   * The channels, those that contribute most first, whether for or against.
   *
   * @return all channels' numbers, by the size of their contribution
   */
  public List<Integer> order() {
    return IntStream.range(0, channels())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> -Math.abs(contributions[c])))
        .toList();
  }

  /**
   * One channel's map.
   *
   * @param channel its number
   * @return {@code height × width} activations
   */
  public float[] map(int channel) {
    int cells = height * width;
    return Arrays.copyOfRange(activations, channel * cells, (channel + 1) * cells);
  }
}
