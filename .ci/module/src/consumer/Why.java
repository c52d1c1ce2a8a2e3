// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package consumer;

import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.blackbox.Lime;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Image;
import dev.whybox.render.Overlay;
import dev.whybox.render.Png;
import dev.whybox.whitebox.GradCam;
import dev.whybox.yolo.Target;
import java.nio.file.Path;
import java.util.List;

/** Explains one detection by a method of either kind, from a named module. */
public final class Why {
  public static void main(String[] args) throws Exception {
    if (!Whybox.class.getModule().isNamed()) {
      throw new IllegalStateException("Whybox lies on the class path, so this shows nothing.");
    }
    Image image = Image.read(Path.of(args[0]));
    try (Whybox whybox = Whybox.bundled(Options.DEFAULT)) {
      Target target = Target.of(whybox.detect(image).get(0));
      for (var method : List.of(new Lime(), new GradCam())) {
        Explanation why = whybox.explain(image, target, method);
        if (Png.encode(Overlay.of(why)).length == 0) {
          throw new IllegalStateException("An empty picture.");
        }
        System.out.printf("%s %s %.3f%n", why.method().name(), why.className(), why.fullScore());
      }
    }
  }
}
