// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.error.WhyboxException.MissingLibrary;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.error.WhyboxException.UnreadableModel;
import dev.whybox.graph.FloatInterface;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.UnnamedBatch;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** ONNX Runtime on the CPU. */
public final class OrtEngine implements Engine {
  private final EngineInfo info;
  private final OrtEnvironment environment = environment(OrtEnvironment::getEnvironment);
  private final OrtSessions sessions;
  private final Map<String, String> metadata;
  private final String name;
  private final int threads;
  private final Map<String, NodeInfo> inputs;
  private final Map<String, NodeInfo> outputs;
  private final String inputName;
  private final long[] inputShape;
  private final LanePool pool = new LanePool(this::open);
  private final Map<List<Integer>, List<Port>> probed = new ConcurrentHashMap<>();

  /**
   * Opens a model.
   *
   * @param bytes an ONNX file, float32 or float16
   * @param name its name in messages
   * @param threads how many threads a single lane will use, at least 1
   * @throws UnreadableModel where ONNX Runtime refuses it
   */
  public OrtEngine(byte[] bytes, String name, int threads) {
    this(bytes, name, threads, true);
  }

  private OrtEngine(byte[] bytes, String name, int threads, boolean plan) {
    this.name = name;
    this.threads = threads;
    ModelProto proto = OnnxFile.read(bytes, name);
    this.info =
        new EngineInfo("onnxruntime", environment.getVersion(), "cpu", OnnxFile.precision(proto));
    byte[] model = FloatInterface.needed(proto) ? FloatInterface.of(proto).toByteArray() : bytes;
    try {
      // The builds for Windows report their use; nobody asked for that.
      environment.setTelemetry(false);
      this.sessions = new OrtSessions(environment, model, threads, plan);
    } catch (OrtException e) {
      throw new UnreadableModel(
          name
              + ": ONNX Runtime "
              + info.version()
              + " refuses the model: "
              + plain(e.getMessage())
              + ". It runs models of ONNX's own operators; check the file, or export it again.",
          e);
    }
    boolean good = false;
    try {
      OrtSession session = sessions.first();
      this.metadata = Map.copyOf(session.getMetadata().getCustomMetadata());
      this.inputs = session.getInputInfo();
      this.outputs = session.getOutputInfo();
      // A model without an input is refused with its layout.
      this.inputName = inputs.keySet().stream().findFirst().orElse("");
      this.inputShape = inputs.isEmpty() ? new long[0] : shape(inputs.get(inputName));
      good = true;
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      if (!good) {
        close();
      }
    }
  }

  /** Loads ONNX Runtime and gives its failure a type. */
  static OrtEnvironment environment(Supplier<OrtEnvironment> library) {
    try {
      return library.get();
    } catch (LinkageError e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new MissingLibrary(
          "ONNX Runtime can't be loaded: %s. It is unpacked into the temporary folder %s, which must"
                  .formatted(root.getMessage(), System.getProperty("java.io.tmpdir"))
              + " be writable and allow programs; name another one with -Djava.io.tmpdir=FOLDER"
              + " (whybox reads it from WHYBOX_JAVA_OPTIONS).",
          e);
    }
  }

  /**
   * The words of one of ONNX Runtime's messages that are for its users: without the places in its
   * sources and the signatures of its functions.
   *
   * @param message such as {@code Error code - ORT_FAIL - message: /x/model.cc:12 onnx::F(int) No
   *     graph.}
   */
  static String plain(String message) {
    int place = message == null ? -1 : message.indexOf(".cc:");
    int open = place < 0 ? -1 : message.indexOf('(', place);
    if (open < 0) {
      return message;
    }
    int depth = 0;
    int end = open;
    do {
      depth += message.charAt(end) == '(' ? 1 : message.charAt(end) == ')' ? -1 : 0;
      end++;
    } while (depth > 0 && end < message.length());
    int start = message.lastIndexOf(' ', place) + 1;
    String rest = message.substring(end).strip();
    rest = rest.startsWith("const ") ? rest.substring("const ".length()) : rest;
    return rest.isEmpty() ? message : message.substring(0, start) + rest;
  }

  private UnknownLayout unknownLayout() {
    return new UnknownLayout(
        name
            + ": no YOLO detector. Known is one input [N,3,H,W]; found inputs "
            + describe(inputs)
            + " and outputs "
            + describe(outputs)
            + ". Export a detector with `yolo export format=onnx nms=False`.");
  }

  private static String describe(Map<String, NodeInfo> values) {
    return values.values().stream()
        .map(value -> value.getName() + " " + Arrays.toString(shape(value)))
        .collect(Collectors.joining(", "));
  }

  private static long[] shape(NodeInfo value) {
    return value.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
  }

  @Override
  public EngineInfo info() {
    return info;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public long[] inputShape() {
    if (inputs.size() != 1 || inputShape.length != 4) {
      throw unknownLayout();
    }
    return inputShape.clone();
  }

  @Override
  public List<Port> outputs(int batch, int height, int width) {
    List<Port> single =
        outputs.values().stream().allMatch(OrtEngine::fixed)
            ? ports(outputs)
            : probed.computeIfAbsent(List.of(height, width), size -> probe(height, width));
    return single.stream().map(port -> new Port(port.name(), ofBatch(port, batch))).toList();
  }

  private static long[] ofBatch(Port port, int batch) {
    long[] shape = port.shape().clone();
    if (shape.length > 0) {
      shape[0] = batch;
    }
    return shape;
  }

  /** Whether all sizes after the batch are declared. */
  private static boolean fixed(NodeInfo value) {
    long[] shape = shape(value);
    // A tensor without declared sizes must be run too.
    boolean known = shape.length > 0 || !(value.getInfo() instanceof TensorInfo);
    return known && Arrays.stream(shape).skip(1).allMatch(size -> size > 0);
  }

  private static List<Port> ports(Map<String, NodeInfo> values) {
    return values.values().stream().map(value -> new Port(value.getName(), shape(value))).toList();
  }

  /** Outputs of a free size: only a run tells. */
  private List<Port> probe(int height, int width) {
    long[] shape = {Math.max(1, inputShape[0]), 3, height, width};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, OrtLane.floats(shape), shape);
        OrtSession.Result result = sessions.first().run(Map.of(inputName, input))) {
      List<Port> found = new ArrayList<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        boolean tensor = output.getValue().getInfo() instanceof TensorInfo;
        long[] sizes = tensor ? ((TensorInfo) output.getValue().getInfo()).getShape() : new long[0];
        found.add(new Port(output.getKey(), sizes));
      }
      return List.copyOf(found);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  /**
   * What a model gives that nobody understands yet.
   *
   * @param name the output's name
   * @param shape its sizes, the batch included
   * @param values all of them
   */
  public record Answer(String name, long[] shape, float[] values) {}

  /**
   * Runs the model once for all its outputs, whatever their sizes are.
   *
   * @param image {@code [batch, 3, height, width]} of the fewest images a run, a direct buffer
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @return the outputs that are tensors of float32, in the file's order
   */
  public List<Answer> answers(FloatBuffer image, int height, int width) {
    long[] shape = {smallestBatch(), 3, height, width};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, image, shape);
        OrtSession.Result result = sessions.first().run(Map.of(inputName, input))) {
      List<Answer> found = new ArrayList<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        if (output.getValue() instanceof OnnxTensor tensor
            && tensor.getInfo().type == OnnxJavaType.FLOAT) {
          FloatBuffer buffer = tensor.getFloatBuffer();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          found.add(new Answer(output.getKey(), tensor.getInfo().getShape(), values));
        }
      }
      return List.copyOf(found);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  /** {@inheritDoc} Closing it keeps its buffers for the next call of the same sizes. */
  @Override
  public Lane lane(int batch, int height, int width, List<Integer> wanted, int threads) {
    return pool.borrow(new LanePool.Key(batch, height, width, wanted, threads));
  }

  private Lane open(LanePool.Key key) {
    // An idle lane keeps its session open, and each session but the first holds the weights again.
    pool.free(idle -> idle.threads() != threads && idle.threads() != key.threads());
    Port image = new Port(inputName, new long[] {key.batch(), 3, key.height(), key.width()});
    List<Port> all = outputs(key.batch(), key.height(), key.width());
    List<Port> wanted = key.outputs().stream().map(all::get).toList();
    return lane(List.of(image), wanted, key.threads());
  }

  @Override
  public Lane lane(List<Port> ins, List<Port> outs, int threads) {
    try {
      return new OrtLane(sessions, threads, ins, outs);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  @Override
  public int largestGraphBatch() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Engine open(byte[] model, String other) {
    // A backward pass needs so much memory that doubling it costs more than a slower run.
    ModelProto open = UnnamedBatch.of(OnnxFile.read(model, other));
    return new OrtEngine(open.toByteArray(), other, threads, false);
  }

  static EngineFailure failure(OrtException e) {
    return new EngineFailure(
        "ONNX Runtime failed: "
            + plain(e.getMessage())
            + ". Check that the model runs at this batch and input size, and that memory is left.",
        e);
  }

  @Override
  public void close() {
    try {
      pool.close();
    } finally {
      closeSessions();
    }
  }

  private void closeSessions() {
    try {
      sessions.close();
    } catch (OrtException e) {
      throw failure(e);
    }
  }
}
