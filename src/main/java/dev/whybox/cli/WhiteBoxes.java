// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.explain.EigenCam;
import dev.whybox.explain.GradCam;
import dev.whybox.explain.GradCamPlusPlus;
import dev.whybox.explain.GuidedBackprop;
import dev.whybox.explain.HiResCam;
import dev.whybox.explain.InputXGradient;
import dev.whybox.explain.IntegratedGradients;
import dev.whybox.explain.LayerCam;
import dev.whybox.explain.Saliency;
import dev.whybox.explain.SmoothGrad;
import dev.whybox.explain.WhiteBox;
import dev.whybox.explain.XGradCam;
import java.util.List;

/** The methods that look inside the model, by name. */
final class WhiteBoxes {
  private static final List<WhiteBox> ALL =
      List.of(
          new Saliency(),
          new InputXGradient(),
          new SmoothGrad(),
          new IntegratedGradients(),
          new GuidedBackprop(),
          new GradCam(),
          new GradCamPlusPlus(),
          new HiResCam(),
          new LayerCam(),
          new XGradCam(),
          new EigenCam());

  private WhiteBoxes() {}

  /** The method of a name, or null. */
  static WhiteBox of(String name) {
    return ALL.stream().filter(m -> m.name().equals(name)).findFirst().orElse(null);
  }

  /** All names, for messages. */
  static String names() {
    return String.join(", ", ALL.stream().map(WhiteBox::name).toList());
  }
}
