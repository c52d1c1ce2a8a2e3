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
 * The results of one image, to be written as JSON of the schema {@value #SCHEMA}. Within a schema
 * version a field's meaning never changes; fields are added. Boxes and places are in pixels of the
 * image as a person sees it, values in the unit of the score; what is not known is null.
 *
 * @param image the image
 * @param model the model
 * @param engine what ran the model
 * @param detections what was found, the surest first
 * @param explanations an entry per target; empty where nothing was explained
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
   * One target's explanation.
   *
   * @param number the target's number, see {@link TargetNumbers}
   * @param explanation the explanation
   * @param map the name of the map's file, or null where none is written
   * @param picture the name of the picture's file, or null where none is written
   * @param labels the name of the file that says where the segments lie, or null where none is
   *     written
   */
  public record Entry(
      int number, Explanation explanation, String map, String picture, String labels) {}

  /**
   * The report as JSON.
   *
   * @return an object, indented, with a line end
   */
  public String json() {
    return Json.write(Schema.Root.of(this));
  }

  /**
   * The reports of several images as JSON.
   *
   * @param reports the reports
   * @return the object of a single report, else an array of objects, indented, with a line end
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
    // A package of a named module has no version.
    ModuleDescriptor module = Report.class.getModule().getDescriptor();
    String version =
        module == null
            ? Report.class.getPackage().getImplementationVersion()
            : module.rawVersion().orElse(null);
    return version == null ? "development" : version;
  }
}
