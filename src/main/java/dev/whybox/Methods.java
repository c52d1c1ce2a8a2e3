// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.explain.BoxPrior;
import dev.whybox.explain.MethodTable;
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
import dev.whybox.whitebox.XGradCam;
import java.util.List;

/** The methods of Whybox. A new one is a class and a line here; see docs/architecture.md. */
public final class Methods {
  /** Every method, the default first. */
  public static final MethodTable ALL =
      new MethodTable(
          List.of(
              Shap.KIND,
              Lime.KIND,
              DRise.KIND,
              LayerCam.KIND,
              HiResCam.KIND,
              GradCam.KIND,
              GradCamPlusPlus.KIND,
              XGradCam.KIND,
              EigenCam.KIND,
              Saliency.KIND,
              InputXGradient.KIND,
              GuidedBackprop.KIND,
              SmoothGrad.KIND,
              IntegratedGradients.KIND,
              BoxPrior.KIND));

  private Methods() {}
}
