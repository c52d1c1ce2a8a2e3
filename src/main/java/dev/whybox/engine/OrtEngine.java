// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.whybox.WhyboxException.EngineFailure;
import dev.whybox.WhyboxException.UnknownLayout;
import dev.whybox.WhyboxException.UnreadableModel;
import dev.whybox.graph.FloatInterface;
import dev.whybox.graph.OnnxFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * ONNX Runtime on the CPU.
 *
 * <p>The number of threads belongs to an ONNX Runtime session, so there is one session a number of
 * threads, opened when a lane first asks for it.
 */
public final class OrtEngine implements Engine {
  private final String name;
  private final byte[] model;
  private final EngineInfo info;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Map<Integer, OrtSession> sessions = new HashMap<>();
  private final Map<String, String> metadata;
  private final String inputName;
  private final String outputName;
  private final long[] inputShape;
  private final long[] declaredOutput;
  private final Map<List<Integer>, int[]> probed = new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * Opens a model.
   *
   * @param bytes an ONNX file, float32 or float16
   * @param name what to call it in messages
   * @param threads how many threads the first lanes will use, at least 1
   * @throws UnreadableModel where ONNX Runtime refuses it
   * @throws UnknownLayout where it does not map one image tensor to a first output of three axes
   */
  public OrtEngine(byte[] bytes, String name, int threads) {
    this.name = name;
    stopTelemetry();
    ModelProto proto = OnnxFile.read(bytes, name);
    boolean half = FloatInterface.needed(proto);
    this.model = half ? FloatInterface.of(proto).toByteArray() : bytes;
    this.info =
        new EngineInfo("onnxruntime", environment.getVersion(), "cpu", half ? "fp16" : "fp32");
    try {
      OrtSession session = session(threads);
      this.metadata = Map.copyOf(session.getMetadata().getCustomMetadata());
      Map<String, NodeInfo> inputs = session.getInputInfo();
      Map<String, NodeInfo> outputs = session.getOutputInfo();
      this.inputName = inputs.keySet().iterator().next();
      this.outputName = outputs.keySet().iterator().next();
      this.inputShape = shape(inputs.get(inputName));
      this.declaredOutput = shape(outputs.get(outputName));
      if (inputs.size() != 1 || inputShape.length != 4 || declaredOutput.length != 3) {
        throw unknownLayout(inputs, outputs);
      }
    } catch (OrtException e) {
      close();
      throw unreadable(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** ONNX Runtime's builds for Windows report their use; nobody asked for that. */
  private void stopTelemetry() {
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private UnreadableModel unreadable(OrtException e) {
    return new UnreadableModel(
        name + ": ONNX Runtime " + info.version() + " refuses the model: " + e.getMessage(), e);
  }

  private UnknownLayout unknownLayout(Map<String, NodeInfo> inputs, Map<String, NodeInfo> outputs) {
    return new UnknownLayout(
        name
            + ": no YOLO detector. Known is one input [N,3,H,W] with a first output"
            + " [N,4+classes,anchors]; found inputs "
            + describe(inputs)
            + " and outputs "
            + describe(outputs)
            + ". Export a detector with `yolo export format=onnx nms=False`.");
  }

  private static String describe(Map<String, NodeInfo> values) {
    StringBuilder text = new StringBuilder();
    Iterator<NodeInfo> all = values.values().iterator();
    while (all.hasNext()) {
      NodeInfo value = all.next();
      text.append(value.getName()).append(' ').append(Arrays.toString(shape(value)));
      text.append(all.hasNext() ? ", " : "");
    }
    return text.toString();
  }

  private static long[] shape(NodeInfo value) {
    return value.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
  }

  private synchronized OrtSession session(int threads) throws OrtException {
    if (closed) {
      throw new EngineFailure(name + ": the engine is closed.", null);
    }
    OrtSession session = sessions.get(threads);
    if (session == null) {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        // What goes wrong is said by exceptions, not on the user's terminal.
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        session = environment.createSession(model, options);
      }
      sessions.put(threads, session);
    }
    return session;
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
    return inputShape.clone();
  }

  @Override
  public int[] outputShape(int height, int width) {
    if (declaredOutput[1] > 0 && declaredOutput[2] > 0) {
      return new int[] {(int) declaredOutput[1], (int) declaredOutput[2]};
    }
    return probed.computeIfAbsent(List.of(height, width), size -> probe(height, width)).clone();
  }

  /** The output of a free size: only a run tells. */
  private int[] probe(int height, int width) {
    int batch = (int) Math.max(1, inputShape[0]);
    FloatBuffer zeros = floats((long) batch * 3 * height * width);
    long[] shape = {batch, 3, height, width};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, zeros, shape);
        OrtSession.Result result =
            session(anyThreads()).run(Map.of(inputName, input), Set.of(outputName))) {
      long[] found = ((TensorInfo) result.get(0).getInfo()).getShape();
      return new int[] {(int) found[1], (int) found[2]};
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private synchronized int anyThreads() {
    return sessions.keySet().iterator().next();
  }

  @Override
  public Lane lane(int batch, int height, int width, int threads) {
    int[] out = outputShape(height, width);
    return new OrtLane(
        batch, new long[] {batch, 3, height, width}, new long[] {batch, out[0], out[1]}, threads);
  }

  private EngineFailure failure(OrtException e) {
    return new EngineFailure(name + ": ONNX Runtime failed: " + e.getMessage(), e);
  }

  private static FloatBuffer floats(long count) {
    return ByteBuffer.allocateDirect(Math.toIntExact(4 * count))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (OrtSession session : sessions.values()) {
      try {
        session.close();
      } catch (OrtException e) {
        throw failure(e);
      }
    }
    sessions.clear();
  }

  /** Pinned tensors over direct buffers: a run allocates nothing of the image's size. */
  private final class OrtLane implements Lane {
    private final int batch;
    private final OrtSession session;
    private final FloatBuffer input;
    private final FloatBuffer output;
    private final OnnxTensor inputTensor;
    private final OnnxTensor outputTensor;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    OrtLane(int batch, long[] inputShape, long[] outputShape, int threads) {
      this.batch = batch;
      this.input = floats(product(inputShape));
      this.output = floats(product(outputShape));
      try {
        this.session = session(threads);
        this.inputTensor = OnnxTensor.createTensor(environment, input, inputShape);
        this.outputTensor = OnnxTensor.createTensor(environment, output, outputShape);
      } catch (OrtException e) {
        throw failure(e);
      }
      this.inputs = Map.of(inputName, inputTensor);
      this.outputs = Map.of(outputName, outputTensor);
    }

    private static long product(long[] shape) {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public int batch() {
      return batch;
    }

    @Override
    public FloatBuffer input() {
      return input;
    }

    @Override
    public FloatBuffer output() {
      return output;
    }

    @Override
    public void run() {
      try {
        session.run(inputs, outputs).close();
      } catch (OrtException e) {
        throw failure(e);
      }
    }

    @Override
    public void close() {
      if (!inputTensor.isClosed()) {
        inputTensor.close();
        outputTensor.close();
      }
    }
  }
}
