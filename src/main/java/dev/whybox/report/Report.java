// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Image;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.ModelInfo;
import java.lang.module.ModuleDescriptor;
import java.util.List;

/**
 * The results for one image, to be written as JSON of the schema {@value #SCHEMA}. Within a version
 * of the schema a field's meaning never changes; new versions of Whybox may add fields. Boxes and
 * positions are in pixels of the image as a person sees it. Values are in the unit of the score.
 * Unknown values are null.
 *
 * @param image the image
 * @param model the model
 * @param engine the engine that ran the model
 * @param detections all detections, the highest score first
 * @param explanations one entry per target; empty if nothing was explained
 */
public record Report(
    Image image,
    ModelInfo model,
    EngineInfo engine,
    List<Detection> detections,
    List<Entry> explanations) {

  /** The schema's name and version. */
  public static final String SCHEMA = "whybox/1";

  /**
   * The explanation of one target, and its files.
   *
   * @param number the target's number; see {@link TargetNumbers}
   * @param explanation the explanation
   * @param map the name of the map's file, or null if none is written
   * @param picture the name of the picture's file, or null if none is written
   * @param labels the name of the file with the segments' positions, or null if none is written
   * @param drawn how the picture differs from the image and the map, or null if it does not
   */
  public record Entry(
      int number, Explanation explanation, String map, String picture, String labels, Drawn drawn) {
    /**
     * An entry whose picture is as large as the image, and whose map is drawn as it is.
     *
     * @param number the target's number
     * @param explanation the explanation
     * @param map the name of the map's file, or null
     * @param picture the name of the picture's file, or null
     * @param labels the name of the file with the segments' positions, or null
     */
    public Entry(int number, Explanation explanation, String map, String picture, String labels) {
      this(number, explanation, map, picture, labels, null);
    }
  }

  /**
   * How a picture differs from the image and the map.
   *
   * @param width the width of the image in the picture, in pixels
   * @param height the height of the image in the picture, in pixels
   * @param smooth the standard deviation of the filter over the map, in pixels of the image
   */
  public record Drawn(int width, int height, double smooth) {}

  /**
   * Writes the report as JSON.
   *
   * @return a JSON object, indented, with a line end
   */
  public String json() {
    return Json.write(Schema.Root.of(this));
  }

  /**
   * Writes the reports of several images as JSON.
   *
   * @param reports the reports
   * @return an object for one report, an array of objects for several; indented, with a line end
   */
  public static String json(List<Report> reports) {
    return reports.size() == 1
        ? reports.get(0).json()
        : Json.write(reports.stream().map(Schema.Root::of).toList());
  }

  /**
   * The version of this library.
   *
   * @return from the jar's manifest or its module descriptor, or {@code development} outside a jar
   */
  public static String version() {
    // Packages of a named module carry no version, so the module's own version is used.
    ModuleDescriptor module = Report.class.getModule().getDescriptor();
    String version =
        module == null
            ? Report.class.getPackage().getImplementationVersion()
            : module.rawVersion().orElse(null);
    return version == null ? "development" : version;
  }
}
