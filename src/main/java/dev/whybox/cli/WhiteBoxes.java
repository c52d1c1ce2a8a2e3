// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.whitebox.EigenCam;
import dev.whybox.whitebox.GradCam;
import dev.whybox.whitebox.GradCamPlusPlus;
import dev.whybox.whitebox.GuidedBackprop;
import dev.whybox.whitebox.HiResCam;
import dev.whybox.whitebox.InputXGradient;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.SmoothGrad;
import dev.whybox.whitebox.WhiteBox;
import dev.whybox.whitebox.XGradCam;
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
