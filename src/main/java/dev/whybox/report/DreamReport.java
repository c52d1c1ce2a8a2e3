// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.whybox.dream.Dream;
import dev.whybox.dream.DreamTarget.OfBox;
import dev.whybox.engine.EngineInfo;
import dev.whybox.image.Box;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.ModelInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * A gradient ascent as JSON of the schema {@value #SCHEMA}. Within a version a field's meaning
 * never changes. Unknown values are null.
 */
public final class DreamReport {
  /** The schema's name and version. */
  public static final String SCHEMA = "whybox-dream/1";

  private DreamReport() {}

  /**
   * An intermediate picture.
   *
   * @param step the number of steps before it
   * @param file the name of a file beside the JSON
   */
  public record Picture(int step, String file) {}

  /**
   * Writes the result of a gradient ascent.
   *
   * @param dream the result
   * @param found for a detection as the target: the detection in the final picture that overlaps
   *     most with the target's box, or null if there is none; null for other targets
   * @param picture the name of the picture's file, or null if none is written
   * @param sheets the names of the files that show the steps; may be empty
   * @param pictures intermediate pictures; may be empty
   * @return a JSON object, indented, with a line end
   */
  public static String of(
      Dream dream, Detection found, String picture, List<String> sheets, List<Picture> pictures) {
    ModelInfo info = dream.model();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("path", info.path());
    model.put("sha256", info.sha256());
    model.put("task", info.task());
    model.put("input", List.of(1, 3, info.inputHeight(), info.inputWidth()));
    EngineInfo used = dream.engine();
    Map<String, Object> engine = new LinkedHashMap<>();
    engine.put("name", used.name());
    engine.put("version", used.version());
    engine.put("device", used.device());
    engine.put("precision", used.precision());
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("label", dream.label());
    target.putAll(dream.target().parameters(info.names()));
    target.put("tensors", dream.source().tensors());
    target.put("readBy", dream.source().function());
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", SCHEMA);
    root.put("whybox", Report.version());
    root.put("model", model);
    root.put("engine", engine);
    root.put("target", target);
    root.put("parameters", dream.method().parameters());
    root.put("seed", dream.seed());
    root.put("steps", dream.steps());
    root.put("seconds", dream.elapsed().toMillis() / 1e3);
    root.put("stop", dream.stop().name().toLowerCase(Locale.ROOT));
    root.put("unit", dream.source().unit());
    root.put("before", Json.number(dream.start()));
    root.put("after", Json.number(dream.value()));
    root.put("curve", numbers(dream.trajectory()));
    if (dream.target() instanceof OfBox wanted) {
      root.put("found", found == null ? null : found(found, wanted));
    }
    root.put("picture", picture);
    root.put("sheets", sheets);
    root.put("pictures", pictures);
    return Json.write(root);
  }

  private static Map<String, Object> found(Detection found, OfBox wanted) {
    Box box = found.box();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("box", List.of(box.x1(), box.y1(), box.x2(), box.y2()));
    map.put("score", found.score());
    map.put("iou", box.iou(wanted.box()));
    return map;
  }

  private static List<JsonNode> numbers(double[] values) {
    return DoubleStream.of(values).mapToObj(Json::number).toList();
  }
}
