// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.whybox.WhyboxException.EngineFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/** Pinned tensors over direct buffers: a run allocates nothing of the image's size. */
final class OrtLane implements Lane {
  private final int batch;
  private final int threads;
  private final OrtSessions sessions;
  private final OrtSession session;
  private final FloatBuffer input;
  private final FloatBuffer output;
  private final OnnxTensor inputTensor;
  private final OnnxTensor outputTensor;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;
  private boolean closed;

  /** What a lane's tensors are called and how they are shaped, the batch included. */
  record Port(String name, long[] shape) {}

  OrtLane(OrtSessions sessions, int threads, Port in, Port out) throws OrtException {
    this.batch = (int) in.shape()[0];
    this.threads = threads;
    this.sessions = sessions;
    this.input = floats(in.shape());
    this.output = floats(out.shape());
    this.session = sessions.acquire(threads);
    OnnxTensor opened = null;
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      opened = OnnxTensor.createTensor(environment, input, in.shape());
      this.inputTensor = opened;
      this.outputTensor = OnnxTensor.createTensor(environment, output, out.shape());
    } catch (OrtException e) {
      if (opened != null) {
        opened.close();
      }
      sessions.release(threads);
      throw e;
    }
    this.inputs = Map.of(in.name(), inputTensor);
    this.outputs = Map.of(out.name(), outputTensor);
  }

  /** A direct buffer, or an error that says what would help. */
  static FloatBuffer floats(long[] shape) {
    long bytes = 4 * Arrays.stream(shape).reduce(1, Math::multiplyExact);
    try {
      return ByteBuffer.allocateDirect(Math.toIntExact(bytes))
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new EngineFailure(
          "No memory for a tensor of shape "
              + Arrays.toString(shape)
              + ", "
              + (bytes >> 20)
              + " MiB; 2047 MiB are possible at most, and Java's direct memory ends at"
              + " -XX:MaxDirectMemorySize. Take a smaller batch, fewer threads or a smaller input.",
          e);
    }
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
      throw OrtEngine.failure(e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inputTensor.close();
      outputTensor.close();
      sessions.release(threads);
    }
  }
}
