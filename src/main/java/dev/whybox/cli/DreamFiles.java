// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.dream.Dream;
import dev.whybox.dream.DreamListener;
import dev.whybox.image.Image;
import dev.whybox.render.DreamSheet;
import dev.whybox.render.Png;
import dev.whybox.report.DreamReport;
import dev.whybox.report.OutputDirectory;
import dev.whybox.yolo.Detection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of one gradient ascent. Pictures of steps are written during the ascent. */
final class DreamFiles implements DreamListener {
  private final OutputDirectory directory;
  private final String stem;
  private final int every;
  private final List<DreamSheet.Frame> frames = new ArrayList<>();
  private final List<DreamReport.Picture> pictures = new ArrayList<>();
  private final List<Path> written = new ArrayList<>();

  /**
   * Files named after the target's label. {@code every} is the number of steps between pictures, or
   * 0 for no pictures.
   */
  DreamFiles(OutputDirectory directory, String label, int every) {
    this.directory = directory;
    this.stem = "dream." + plain(label);
    this.every = every;
  }

  /** Turns a label into a part of a file's name. */
  static String plain(String label) {
    return label
        .replace(':', '.')
        .replace(',', '-')
        .replaceAll("[^\\p{L}\\p{N}._-]", "_")
        .replaceAll("\\.{2,}", ".");
  }

  @Override
  public void onStep(Progress progress) {
    int step = progress.done();
    boolean shown = every > 0 ? step % every == 0 : Integer.bitCount(step) == 1;
    if (!shown) {
      return;
    }
    Image picture = progress.image();
    frames.add(DreamSheet.Frame.of(step, picture));
    if (every > 0) {
      String name = stem + ".step" + step + ".png";
      written.add(directory.write(name, Png.encode(picture)));
      pictures.add(new DreamReport.Picture(step, name));
    }
  }

  /**
   * Writes the remaining files. The JSON comes last, so it never names a file that does not exist.
   *
   * @param dream the result
   * @param found for a detection as the target: what the detector found there, or null
   * @return the files, in the order in which they were written
   */
  List<Path> write(Dream dream, Detection found) {
    String picture = stem + ".png";
    written.add(directory.write(picture, Png.encode(dream.image())));
    if (frames.isEmpty() || frames.get(frames.size() - 1).step() != dream.steps()) {
      frames.add(DreamSheet.Frame.of(dream.steps(), dream.image()));
    }
    List<String> sheets = new ArrayList<>();
    List<Image> pages = DreamSheet.of(dream, frames);
    for (int i = 0; i < pages.size(); i++) {
      String name = stem + ".sheet" + (pages.size() == 1 ? "" : "." + (i + 1)) + ".png";
      written.add(directory.write(name, Png.encode(pages.get(i))));
      sheets.add(name);
    }
    String json = DreamReport.of(dream, found, picture, sheets, pictures);
    written.add(directory.write(stem + ".json", json.getBytes(StandardCharsets.UTF_8)));
    return written;
  }
}
