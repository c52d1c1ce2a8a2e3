// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.adapt.Probe.Output;
import dev.whybox.engine.OrtEngine;
import dev.whybox.engine.OrtEngine.Answer;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Simplification;
import dev.whybox.yolo.ClassNames;
import dev.whybox.yolo.HeadKind;
import dev.whybox.yolo.HeadReading;
import dev.whybox.yolo.ModelFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Opens a model's file, runs it once, looks at the numbers and adds nodes that bring them into the
 * usual layout. A file that has it already stays as it is.
 */
public final class Adapter {
  private final String path;
  private final int threads;
  private final int size;
  private final String head;

  private Adapter(String path, int threads, int size, String head) {
    this.path = path;
    this.threads = threads;
    this.size = size;
    this.head = head;
  }

  /**
   * A model in the usual layout, open on the CPU.
   *
   * @param onnx the file, changed where it had to be
   * @param engine runs it; closed by the caller
   * @param sha256 of the file as it was
   */
  public record Adapted(byte[] onnx, OrtEngine engine, String sha256) {}

  /**
   * Opens a model.
   *
   * @param file an ONNX file
   * @param path what the user named
   * @param threads threads for inference, at least 1
   * @param size the side of the input in pixels for a model of free size, or 0 for the model's own
   * @param head a name of {@link HeadLayout}, or empty for the one that fits
   * @param input as {@link InputValues#of} takes it, or empty for what the file says
   * @return the model
   * @throws UnknownLayout where no head fits
   * @throws BadArgument where the head or the input values are not known
   */
  public static Adapted open(
      byte[] file, String path, int threads, int size, String head, String input) {
    if (!head.isEmpty() && !HeadLayout.names().contains(head)) {
      throw new BadArgument(
          "The head "
              + head
              + " is not known. Heads are "
              + String.join(", ", HeadLayout.names())
              + "; without one, the head is told from the model's outputs.");
    }
    ModelProto model = OnnxFile.read(file, path);
    String sha256 = ModelFile.sha256(file);
    String task = GraphEdit.metadata(model).getOrDefault("task", "detect");
    if (!HeadKind.allTasks().contains(task)) {
      return new Adapted(file, new OrtEngine(file, path, threads), sha256);
    }
    return new Adapter(path, threads, size, head)
        .adapted(file, model, input.isEmpty() ? null : InputValues.of(input), sha256);
  }

  private Adapted adapted(byte[] file, ModelProto model, InputValues asked, String sha256) {
    InputValues values = asked == null ? InputValues.AUTO : asked;
    InputSide side = InputSide.of(model, size, values, path);
    String task = GraphEdit.metadata(model).getOrDefault("task", "detect");
    boolean same = side.model() == model;
    Cut cut = cut(side.model());
    GraphEdit looks = new GraphEdit(side.model());
    List<String> scores = cut.scores().stream().map(looks::toFloat).toList();
    List<String> boxes = cut.boxes().stream().map(looks::toFloat).toList();
    scores.forEach(tensor -> looks.graph().addOutput(looks.declared(tensor)));
    boxes.forEach(tensor -> looks.graph().addOutput(looks.declared(tensor)));
    boolean more = !scores.isEmpty();
    ModelProto seen = more ? looks.build() : side.model();
    byte[] bytes = same && !more ? file : seen.toByteArray();
    OrtEngine engine = new OrtEngine(bytes, path, threads);
    boolean kept = false;
    try {
      Probe probe = probe(engine, side, cut, scores.size(), boxes.size());
      Reading reading = task.equals("detect") || !head.isEmpty() ? reading(probe) : null;
      if (reading != null && misnamed(side.model(), probe, reading)) {
        reading = null; // The file stays as it is; YoloModel warns that its names do not fit.
      }
      if (reading != null && reading.wants() != null && asked == null) {
        engine.close();
        return adapted(file, model, reading.wants(), sha256);
      }
      boolean plain =
          reading == null || reading.writes() == null && reading.means().note().isEmpty();
      if (plain && side.notes().isEmpty() && !more) {
        kept = true;
        return new Adapted(bytes, engine, sha256);
      }
      byte[] changed = written(seen, side, reading).toByteArray();
      engine.close();
      kept = true;
      return new Adapted(changed, new OrtEngine(changed, path, threads), sha256);
    } finally {
      if (!kept) {
        engine.close();
      }
    }
  }

  private static Cut cut(ModelProto model) {
    try {
      return Cut.of(new OnnxGraph(model));
    } catch (UnsupportedGraph e) {
      return new Cut(List.of(), List.of(), null, false); // An engine may still run it.
    }
  }

  private Probe probe(OrtEngine engine, InputSide side, Cut cut, int scores, int boxes) {
    int height = side.size().height();
    int width = side.size().width();
    int batch = engine.smallestBatch();
    FloatBuffer picture =
        ByteBuffer.allocateDirect(Float.BYTES * batch * 3 * height * width)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    ProbePicture.fill(picture, height, width);
    List<Output> found = new ArrayList<>();
    for (Answer answer : engine.answers(picture, height, width)) {
      int[] sizes = Arrays.stream(answer.shape()).skip(1).mapToInt(Math::toIntExact).toArray();
      int first = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
      float[] values = Arrays.copyOf(answer.values(), first);
      found.add(new Output(answer.name(), sizes, values));
    }
    int own = found.size() - scores - boxes;
    if (own < 1 || found.stream().limit(own).allMatch(output -> output.sizes().length == 0)) {
      throw new UnknownLayout(
          path + ": the model has no output that is a tensor of numbers per image.");
    }
    Map<String, String> metadata = engine.metadata();
    return new Probe(
        found.subList(0, own),
        found.subList(own, own + scores),
        found.subList(own + scores, found.size()),
        cut,
        side.size(),
        ClassNames.parse(metadata.get("names")),
        !head.isEmpty());
  }

  /** Names that fit no head may be wrong, so the outputs are then read without them. */
  private Reading reading(Probe probe) {
    return first(probe)
        .or(() -> first(probe.withoutNames()))
        .orElseThrow(() -> new UnknownLayout(path + ": " + Refusal.of(probe, head)));
  }

  private Optional<Reading> first(Probe probe) {
    return HeadLayout.ALL.stream()
        .filter(layout -> head.isEmpty() || layout.name().equals(head))
        .flatMap(layout -> layout.reads().apply(probe).stream())
        .findFirst();
  }

  /** Whether a usual detector has names, but not one per class. */
  private static boolean misnamed(ModelProto model, Probe probe, Reading reading) {
    return GraphEdit.metadata(model).containsKey("names")
        && reading.means().classes() != probe.names().size()
        && reading.writes() == null
        && reading.task().equals("detect");
  }

  private static ModelProto written(ModelProto model, InputSide side, Reading reading) {
    GraphEdit edit = new GraphEdit(model);
    Map<String, String> lines = new LinkedHashMap<>(GraphEdit.metadata(model));
    String input = String.join("; ", side.notes());
    if (reading != null) {
      HeadReading means = reading.means();
      String note =
          List.of(means.note(), input).stream()
              .filter(text -> !text.isEmpty())
              .collect(Collectors.joining("; "));
      boolean assumed = means.assumed() || !lines.containsKey("names") && !input.isEmpty();
      lines.putAll(
          new HeadReading(
                  means.head(),
                  note,
                  assumed,
                  means.classes(),
                  means.written(),
                  means.product(),
                  means.endToEnd())
              .metadata());
      lines.put("task", reading.task());
      lines.remove("names");
      lines.put("names", names(reading));
      int keypoints = reading.rows() - 4 - means.classes();
      if (reading.task().equals("pose")) {
        // Each has a confidence where three numbers can be one keypoint, as exporters do by
        // default.
        int each = keypoints % 3 == 0 ? 3 : 2;
        lines.putIfAbsent("kpt_shape", "[%d, %d]".formatted(keypoints / each, each));
      }
      outputs(edit, reading);
    }
    ModelProto.Builder result = edit.build().toBuilder().clearMetadataProps();
    lines.forEach(
        (key, value) ->
            result.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    try {
      return Simplification.pruned(result.build());
    } catch (UnsupportedGraph e) {
      return result.build(); // With what no output needs.
    }
  }

  private static void outputs(GraphEdit edit, Reading reading) {
    if (reading.writes() == null) {
      return;
    }
    String tensor = reading.writes().apply(edit);
    List<ValueInfoProto> others = new ArrayList<>(edit.graph().getOutputList());
    edit.graph()
        .clearOutput()
        .addOutput(edit.declared(tensor, reading.rows(), reading.candidates()));
    if (!reading.means().written()) {
      edit.graph().addAllOutput(others.subList(1, others.size()));
    }
  }

  /** As Ultralytics writes them; a class without a name has its number. */
  private static String names(Reading reading) {
    return IntStream.range(0, reading.means().classes())
        .mapToObj(
            i ->
                i
                    + ": '"
                    + Optional.of(reading.names())
                        .filter(names -> !names.isEmpty())
                        .map(names -> names.get(i))
                        .orElse("class " + i)
                        .replace("\\", "\\\\")
                        .replace("'", "\\'")
                    + "'")
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
