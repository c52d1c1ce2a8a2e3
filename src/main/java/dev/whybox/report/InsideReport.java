// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.whybox.engine.EngineInfo;
import dev.whybox.graph.ActivationFunction;
import dev.whybox.image.Box;
import dev.whybox.inside.ActivationStatistics;
import dev.whybox.inside.ActivationStudy;
import dev.whybox.inside.Distribution;
import dev.whybox.inside.FeatureMaps;
import dev.whybox.inside.Inspection;
import dev.whybox.inside.Kernels;
import dev.whybox.yolo.ModelInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The inside of a model as JSON: inspections, feature maps and activation statistics. Each kind has
 * a schema of its own; within a version a field's meaning never changes. Unknown values are null.
 */
public final class InsideReport {
  /** The schema of {@link #of(Inspection)}. */
  public static final String INSPECTION = "whybox-inspection/1";

  /** The schema of {@link #of(FeatureMaps, int, List, List)}. */
  public static final String FEATURES = "whybox-features/1";

  /** The schema of {@link #of(ActivationStudy, List, String)}. */
  public static final String ACTIVATIONS = "whybox-activations/1";

  private static final double[] QUANTILES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

  private InsideReport() {}

  private static Map<String, Object> root(String schema) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", schema);
    root.put("whybox", Report.version());
    return root;
  }

  private static Map<String, Object> model(ModelInfo model) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("path", model.path());
    map.put("sha256", model.sha256());
    map.put("task", model.task());
    map.put("input", List.of(1, 3, model.inputHeight(), model.inputWidth()));
    return map;
  }

  private static Map<String, Object> engine(EngineInfo engine) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", engine.name());
    map.put("version", engine.version());
    map.put("device", engine.device());
    map.put("precision", engine.precision());
    return map;
  }

  private static List<JsonNode> numbers(double[] values) {
    return DoubleStream.of(values).mapToObj(Json::number).toList();
  }

  /**
   * Writes the contents of a model.
   *
   * @param model the inspection
   * @return a JSON object, indented, with a line end
   */
  public static String of(Inspection model) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("path", model.path());
    facts.put("bytes", model.bytes());
    facts.put("sha256", model.sha256());
    facts.put("task", model.task());
    facts.put("classes", model.classes());
    facts.put("inputName", model.input());
    facts.put("input", model.inputShape());
    facts.put("opset", model.opset());
    facts.put("precision", model.precision());
    facts.put("parameters", model.parameters());
    facts.put("gflops", Json.number(model.gflops()));
    List<Map<String, Object>> layers = new ArrayList<>();
    for (Inspection.Layer layer : model.layers()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", layer.name());
      entry.put("type", layer.type());
      entry.put("operators", layer.operators());
      entry.put("output", layer.output());
      entry.put("shape", layer.shape().isEmpty() ? null : layer.shape());
      entry.put("parameters", layer.parameters());
      entry.put("gflops", Json.number(layer.gflops()));
      entry.put("map", layer.map());
      layers.add(entry);
    }
    Map<String, Object> root = root(INSPECTION);
    root.put("model", facts);
    root.put("layers", layers);
    root.put("logits", model.logits());
    return Json.write(root);
  }

  /**
   * The kernels of a convolution and the files that show them.
   *
   * @param kernels the kernels
   * @param pictures the names of files beside the JSON
   */
  public record KernelFiles(Kernels kernels, List<String> pictures) {}

  /**
   * Writes the feature maps of a layer.
   *
   * @param maps the maps
   * @param number the target's number; see {@link TargetNumbers}
   * @param pictures the names of files beside the JSON
   * @param kernels the kernels that were drawn too; may be empty
   * @return a JSON object, indented, with a line end
   */
  public static String of(
      FeatureMaps maps, int number, List<String> pictures, List<KernelFiles> kernels) {
    Box box = maps.target().box();
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("target", number);
    target.put("box", List.of(box.x1(), box.y1(), box.x2(), box.y2()));
    target.put("class", maps.target().classId());
    target.put("name", maps.model().names().get(maps.target().classId()));
    target.put("logit", Json.number(maps.logit()));
    List<Map<String, Object>> channels = new ArrayList<>();
    for (int channel : maps.order()) {
      float[] map = maps.map(channel);
      var values = IntStream.range(0, map.length).mapToDouble(i -> map[i]).summaryStatistics();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("channel", channel);
      entry.put("contribution", Json.number(maps.contributions()[channel]));
      entry.put("least", Json.number(values.getMin()));
      entry.put("mean", Json.number(values.getAverage()));
      entry.put("greatest", Json.number(values.getMax()));
      channels.add(entry);
    }
    List<Map<String, Object>> convolutions = new ArrayList<>();
    for (KernelFiles each : kernels) {
      Kernels k = each.kernels();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", k.name());
      entry.put("shape", List.of(k.outputs(), k.inputs(), k.height(), k.width()));
      entry.put("norms", numbers(IntStream.range(0, k.outputs()).mapToDouble(k::norm).toArray()));
      entry.put("pictures", each.pictures());
      convolutions.add(entry);
    }
    Map<String, Object> root = root(FEATURES);
    Map<String, Object> image = new LinkedHashMap<>();
    image.put("path", maps.image().name());
    image.put("width", maps.image().width());
    image.put("height", maps.image().height());
    root.put("image", image);
    root.put("model", model(maps.model()));
    root.put("engine", engine(maps.engine()));
    root.put("target", target);
    root.put("layer", maps.layer());
    root.put("tensor", maps.tensor());
    root.put("shape", List.of(maps.channels(), maps.height(), maps.width()));
    root.put("sum", Json.number(maps.sum()));
    root.put("channels", channels);
    root.put("pictures", pictures);
    root.put("kernels", convolutions);
    return Json.write(root);
  }

  /**
   * Writes the statistics of the activation functions.
   *
   * @param study the study
   * @param images the images' names
   * @param picture the name of the plot's file
   * @return a JSON object, indented, with a line end
   */
  public static String of(ActivationStudy study, List<String> images, String picture) {
    List<Map<String, Object>> functions = new ArrayList<>();
    for (ActivationStatistics each : study.statistics()) {
      ActivationFunction function = each.activation().function();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("layer", each.layer());
      entry.put("function", function.name());
      entry.put("inputTensor", each.activation().input());
      entry.put("outputTensor", each.activation().output());
      entry.put("saturatedBelow", Json.number(function.saturatedBelow()));
      entry.put("saturatedAbove", Json.number(function.saturatedAbove()));
      entry.put("linearFrom", Json.number(function.linearFrom()));
      entry.put("linearTo", Json.number(function.linearTo()));
      entry.put("saturated", Json.number(each.saturated()));
      entry.put("linear", Double.isNaN(function.linearFrom()) ? null : each.linear());
      entry.put("channels", each.channels());
      entry.put("dead", each.dead());
      entry.put("input", distribution(each.input()));
      entry.put("output", distribution(each.output()));
      functions.add(entry);
    }
    Map<String, Object> root = root(ACTIVATIONS);
    root.put("images", images);
    root.put("model", model(study.model()));
    root.put("engine", engine(study.engine()));
    Map<String, Object> definitions = new LinkedHashMap<>();
    definitions.put("slopeTolerance", ActivationFunction.TOLERANCE);
    definitions.put("deadBelow", ActivationStatistics.DEAD);
    definitions.put("quantiles", QUANTILES);
    definitions.put("histogramFrom", -Distribution.REACH);
    definitions.put("histogramTo", Distribution.REACH);
    root.put("definitions", definitions);
    root.put("picture", picture);
    root.put("functions", functions);
    return Json.write(root);
  }

  private static Map<String, Object> distribution(Distribution values) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("count", values.count());
    map.put("mean", Json.number(values.mean()));
    map.put("deviation", Json.number(values.deviation()));
    map.put("least", Json.number(values.least()));
    map.put("greatest", Json.number(values.greatest()));
    map.put("quantiles", numbers(DoubleStream.of(QUANTILES).map(values::quantile).toArray()));
    map.put("histogram", values.histogram());
    return map;
  }
}
