// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetValidator;
import java.util.List;

/**
 * Calls whose results nobody needs, so that the first call that matters is like the rest.
 *
 * @param bench where the calls run
 * @param validator completes targets
 */
record WarmUp(Workbench bench, TargetValidator validator) {
  /** So many samples try all plans of two processors once. */
  private static final int MANY = 160;

  private static final int FEW = 16;
  private static final int CALLS = 3;

  void run(Method method) {
    ModelInfo model = bench.backend().model().info();
    int width = model.inputWidth();
    int height = model.inputHeight();
    Image gray = Image.ofRgb(width, height, new byte[3 * width * height]);
    for (int call = 0; call < CALLS; call++) {
      // Always another picture: of one that was seen before, much is known.
      Image noise = Baseline.NOISE.of(gray, List.of(), call);
      bench.detections().detect(noise, 0.5f, 0.5f);
      Box box = new Box(width / 4f, height / 4f, 3 * width / 4f, 3 * height / 4f);
      List<Target> targets = validator.of(noise, List.of(Target.of(box, 0)));
      boolean samples = method.kind().approach() == Approach.BLACK_BOX;
      Budget budget = samples ? Budget.DEFAULT.withSamples(call == 1 ? MANY : FEW) : Budget.DEFAULT;
      bench.runner().explain(noise, targets, method, budget, ProgressListener.NONE);
    }
  }
}
