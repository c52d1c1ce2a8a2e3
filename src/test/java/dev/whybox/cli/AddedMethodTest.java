// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Occlusion;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.Methods;
import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.MethodTable;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.report.Caption;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A method that is one class and one line of the table is found by the command line's help and
 * errors, by JSON, captions and caveats. {@link Occlusion} lies in a package of its own and uses
 * public types alone.
 */
class AddedMethodTest {
  private static final MethodTable TABLE = Methods.ALL.with(Occlusion.KIND);

  @TempDir Path folder;

  @Test
  void helpAndErrorsNameIt() {
    String help = Run.with(TABLE, "explain", "--help").assertOk().out();
    assertTrue(help.contains("occlusion             hides one segment at a time"), help);
    assertTrue(help.contains("occlusion 100"), help);
    assertTrue(help.contains("The segments that shap, lime and occlusion hide and show"), help);
    assertFalse(Run.of("explain", "--help").out().contains("occlusion"));
    Run.with(TABLE, "explain", "x.jpg", "--method", "occlusion", "--baseline", "blur")
        .assertFails(ExitCode.USAGE, "--baseline is for shap, lime", "occlusion has no use for it");
    Run.of("explain", "x.jpg", "--method", "occlusion")
        .assertFails(ExitCode.USAGE, "--method is shap, lime", "found 'occlusion'");
  }

  @Test
  void jsonHasItsNameParametersAndValues() throws IOException {
    Run run =
        Run.with(
                TABLE,
                "explain",
                Run.sample("meadow.jpg"),
                "--method",
                "occlusion",
                "--segments",
                "grid:2x3",
                "--target",
                "best",
                "--out",
                folder)
            .assertOk();
    assertTrue(run.err().contains("occlusion hides one segment at a time"), run.err());
    JsonNode json = new ObjectMapper().readTree(folder.resolve("meadow.occlusion.json").toFile());
    JsonNode found = json.get("explanations").get(0);
    assertEquals("occlusion", found.get("method").asText());
    assertEquals("grid:2x3", found.at("/parameters/segments").asText());
    assertEquals(6, found.get("samples").asInt());
    assertEquals(6, found.at("/segments/values").size());
    assertTrue(Run.names(folder).contains("meadow.occlusion.0.png"), Run.names(folder).toString());
  }

  /** The oracle: the score of an image in which that segment is painted gray by hand. */
  @Test
  void captionsNameItAndItsValuesAreTheFallOfTheScore() throws IOException {
    try (Whybox whybox = Whybox.bundled(Options.DEFAULT)) {
      Image image = Image.read(Run.sample("meadow.jpg"));
      Target target = Target.of(whybox.detect(image).get(0));
      Explanation why = whybox.explain(image, target, new Occlusion(Segmentation.grid(2, 2)));
      String caption = Caption.method(why);
      assertTrue(caption.startsWith("occlusion · grid:2x2 · 4 samples"), caption);
      float[] map = why.map();
      int width = image.width();
      byte[] rgb = image.rgb().clone();
      int half = image.height() / 2;
      for (int y = 0; y < half; y++) {
        for (int x = 0; x < 3 * (width / 2); x++) {
          rgb[y * width * 3 + x] = 114;
        }
      }
      Image hidden = Image.ofRgb(width, image.height(), rgb);
      Explanation there =
          whybox.explain(
              hidden,
              Target.of(target.box(), target.classId()),
              new Occlusion(Segmentation.grid(1, 1)));
      assertEquals(why.fullScore() - there.fullScore(), map[0], 0.02);
    }
  }

  @Test
  void aTableHasEachNameOnce() {
    assertThrows(BadArgument.class, () -> TABLE.with(Occlusion.KIND));
  }
}
