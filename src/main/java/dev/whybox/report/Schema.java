// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.whybox.explain.Attribution;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Evidence.Sampled;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Ranking;
import dev.whybox.image.Box;
import dev.whybox.image.Mask;
import dev.whybox.image.Region;
import dev.whybox.image.RotatedBox;
import dev.whybox.image.WholeImage;
import dev.whybox.yolo.Detection;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The JSON form of a {@link Report}. Each record is a JSON object; its components are the fields,
 * in this order.
 */
final class Schema {
  private Schema() {}

  record Root(
      String schema,
      String whybox,
      Picture image,
      Model model,
      Engine engine,
      List<Found> detections,
      List<Explained> explanations) {
    static Root of(Report report) {
      var image = report.image();
      var model = report.model();
      var engine = report.engine();
      return new Root(
          Report.SCHEMA,
          Report.version(),
          new Picture(image.name(), image.width(), image.height()),
          new Model(
              model.path(),
              model.sha256(),
              model.task(),
              List.of(1, 3, model.inputHeight(), model.inputWidth())),
          new Engine(engine.name(), engine.version(), engine.device(), engine.precision()),
          report.detections().stream().map(Found::of).toList(),
          report.explanations().stream().map(Explained::of).toList());
    }
  }

  record Picture(String path, int width, int height) {}

  record Model(String path, String sha256, String task, List<Integer> input) {}

  record Engine(String name, String version, String device, String precision) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Found(
      List<Float> box,
      Shape region,
      @JsonProperty("class") int classId,
      String name,
      float score,
      int anchor) {
    static Found of(Detection found) {
      return new Found(
          edges(found.box()),
          Shape.of(found.region()),
          found.classId(),
          found.className(),
          found.score(),
          found.anchor());
    }
  }

  /** A region that is more than a box; absent for boxes. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Shape(
      String kind,
      List<Float> centre,
      List<Float> size,
      Float angle,
      List<List<Float>> corners,
      Integer area,
      List<List<List<Float>>> outline) {
    static Shape of(Region region) {
      String kind = region.kind().label();
      if (region instanceof RotatedBox box) {
        return new Shape(
            kind,
            List.of(box.x(), box.y()),
            List.of(box.width(), box.height()),
            box.angle(),
            points(box.corners()),
            null,
            null);
      }
      if (region instanceof Mask mask) {
        List<List<List<Float>>> lines = mask.outline().stream().map(Shape::points).toList();
        return new Shape(kind, null, null, null, null, mask.area(), lines);
      }
      return region instanceof WholeImage
          ? new Shape(kind, null, null, null, null, null, null)
          : null;
    }

    private static List<List<Float>> points(float[] line) {
      return IntStream.range(0, line.length / 2)
          .mapToObj(i -> List.of(line[2 * i], line[2 * i + 1]))
          .toList();
    }
  }

  /** Fields that do not apply to the method are left out; unknown values are null. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Explained(
      int target,
      List<Float> box,
      Shape region,
      @JsonProperty("class") int classId,
      String name,
      String method,
      Map<String, Object> parameters,
      Instead insteadOf,
      How estimation,
      long seed,
      int samples,
      int forwards,
      double seconds,
      String stop,
      JsonNode fullScore,
      JsonNode baselineScore,
      JsonNode fit,
      JsonNode completenessGap,
      JsonNode gradientScale,
      Place peak,
      String map,
      String picture,
      Players segments,
      JsonNode standardError) {
    static Explained of(Report.Entry entry) {
      Explanation e = entry.explanation();
      Attribution attribution = e.attribution();
      Peak peak = Peak.of(e);
      return new Explained(
          entry.number(),
          edges(e.target().box()),
          Shape.of(e.target().region()),
          e.target().classId(),
          e.className(),
          e.method().name(),
          e.method().parameters(),
          Instead.of(e),
          How.of(e),
          e.seed(),
          e.samples(),
          e.forwards(),
          e.elapsed().toMillis() / 1e3,
          e.stop().name().toLowerCase(Locale.ROOT),
          number(e.fullScore()),
          number(e.baselineScore()),
          known(e.fit()),
          known(e.completenessGap()),
          known(e.gradientScale()),
          new Place(peak.x(), peak.y(), number(peak.value())),
          entry.map(),
          entry.picture(),
          attribution instanceof SegmentValues found ? Players.of(e, found, entry.labels()) : null,
          e.evidence() instanceof Sampled && attribution instanceof PixelValues found
              ? number(found.standardError())
              : null);
    }
  }

  /** The method that was asked for, if a fallback answered; absent otherwise. */
  record Instead(String method, Map<String, Object> parameters, String reason) {
    static Instead of(Explanation e) {
      return e.instead() == null
          ? null
          : new Instead(
              e.instead().asked().name(), e.instead().asked().parameters(), e.instead().reason());
    }
  }

  /**
   * How Shapley values, or values predicted from their samples, were estimated; absent for other
   * methods.
   */
  record How(String estimator, String reason, int samples, long asked) {
    static How of(Explanation e) {
      return e.estimation()
          .map(how -> new How(how.estimator(), how.reason(), e.samples(), how.asked()))
          .orElse(null);
    }
  }

  record Place(double x, double y, JsonNode value) {}

  /**
   * The segments and their values. A grid has rows and columns; other segments have one centre of
   * mass and one area each.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Players(
      int count,
      Integer rows,
      Integer columns,
      List<JsonNode> values,
      List<JsonNode> standardErrors,
      List<Integer> cells,
      List<JsonNode> cellErrors,
      List<List<Double>> centres,
      List<Double> areas,
      String labels,
      JsonNode relativeError,
      Order ranking) {
    static Players of(Explanation e, SegmentValues found, String labels) {
      var segments = found.segments();
      List<JsonNode> values = numbers(found.values());
      List<JsonNode> errors = numbers(found.standardErrors());
      JsonNode relative = number(found.relativeError());
      Order order = Order.of(Ranking.of(found));
      int count = segments.count();
      if (segments.rows() > 0) {
        return new Players(
            count,
            segments.rows(),
            segments.columns(),
            values,
            errors,
            null,
            null,
            null,
            null,
            labels,
            relative,
            order);
      }
      SegmentCentroids places =
          SegmentCentroids.of(segments, e.image().width(), e.image().height());
      List<List<Double>> centres =
          IntStream.range(0, count).mapToObj(i -> List.of(places.x()[i], places.y()[i])).toList();
      List<Double> areas = Arrays.stream(places.area()).boxed().toList();
      List<Integer> cells = IntStream.range(0, count).mapToObj(segments::cells).toList();
      boolean blocks = cells.stream().anyMatch(number -> number > 1);
      return new Players(
          count,
          null,
          null,
          values,
          errors,
          blocks ? cells : null,
          blocks ? numbers(found.cellErrors()) : null,
          centres,
          areas,
          labels,
          relative,
          order);
    }
  }

  /** The certainty of the segments' order; absent if it is not known. */
  record Order(int top, JsonNode topProbability, JsonNode kendallTau) {
    static Order of(Ranking ranking) {
      return ranking == null
          ? null
          : new Order(
              ranking.top(), number(ranking.topProbability()), number(ranking.kendallTau()));
    }
  }

  private static List<Float> edges(Box box) {
    return List.of(box.x1(), box.y1(), box.x2(), box.y2());
  }

  private static JsonNode known(OptionalDouble value) {
    return value.isPresent() ? number(value.getAsDouble()) : null;
  }

  private static JsonNode number(double value) {
    return Json.number(value);
  }

  private static List<JsonNode> numbers(double[] values) {
    return Arrays.stream(values).mapToObj(Schema::number).toList();
  }
}
