// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.whybox.error.WhyboxException.EngineFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pinned tensors over direct buffers: a run allocates nothing of the image's size. */
final class OrtLane implements Lane {
  private final int batch;
  private final int threads;
  private final OrtSessions sessions;
  private final OrtSession session;
  private final List<FloatBuffer> in = new ArrayList<>();
  private final List<FloatBuffer> out = new ArrayList<>();
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private boolean closed;

  /** At least one port each. */
  OrtLane(OrtSessions sessions, int threads, List<Port> ins, List<Port> outs) throws OrtException {
    this.batch = (int) ins.get(0).shape()[0];
    this.threads = threads;
    this.sessions = sessions;
    ins.forEach(port -> in.add(floats(port.shape())));
    outs.forEach(port -> out.add(floats(port.shape())));
    this.session = sessions.acquire(threads);
    boolean good = false;
    try {
      pin(ins, in, inputs);
      pin(outs, out, outputs);
      good = true;
    } finally {
      if (!good) {
        close();
      }
    }
  }

  private static void pin(
      List<Port> ports, List<FloatBuffer> buffers, Map<String, OnnxTensor> tensors)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    for (int i = 0; i < ports.size(); i++) {
      Port port = ports.get(i);
      tensors.put(port.name(), OnnxTensor.createTensor(environment, buffers.get(i), port.shape()));
    }
  }

  /** A direct buffer, or an error that says what would help. */
  static FloatBuffer floats(long[] shape) {
    try {
      long bytes = Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
      return ByteBuffer.allocateDirect(Math.toIntExact(bytes))
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new EngineFailure(
          "No memory for a tensor of shape "
              + Arrays.toString(shape)
              + " of float32; 2047 MiB are possible at most, and Java's direct memory ends at"
              + " -XX:MaxDirectMemorySize. Take a smaller batch, fewer threads or a smaller input.",
          e);
    }
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public List<FloatBuffer> inputs() {
    return List.copyOf(in);
  }

  @Override
  public List<FloatBuffer> outputs() {
    return List.copyOf(out);
  }

  @Override
  public void run() {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw OrtEngine.failure(e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
      sessions.release(threads);
    }
  }
}
