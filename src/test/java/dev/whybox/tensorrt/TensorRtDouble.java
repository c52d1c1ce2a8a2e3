// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.whybox.cuda.DriverDouble;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The stand-in for TensorRT, {@code src/test/cpp/tensorrt_double.cpp}: builds it beside the driver
 * double, loads it, computes for it, injects failures, and reports misuse.
 */
public final class TensorRtDouble {
  private static final Path BASE =
      Path.of(System.getProperty("whybox.base", ".")).toAbsolutePath().normalize();

  /** The folder of the double; the driver double's folder is needed, too. */
  public static final Path FOLDER = BASE.resolve("target/tensorrt-double");

  private static final String LIBRARY = "libnvinfer.so.10";
  private static final String PARSER = "libnvonnxparser.so.10";

  /** Empty libraries that the bindings load and Whybox never calls. */
  private static final List<String> EMPTY =
      List.of(
          "libcublas.so.13",
          "libcublasLt.so.13",
          "libnvrtc.so.13",
          "libcudnn_cnn.so.9",
          "libcudnn_adv.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_graph.so.9",
          "libnvinfer_plugin.so.10");

  private static final Map<Long, OrtSession> SESSIONS = new ConcurrentHashMap<>();
  private static final AtomicLong LAST = new AtomicLong();
  private static boolean loaded;

  private TensorRtDouble() {}

  /** Builds the libraries if they are older than their source, or skips the test. */
  public static void build() {
    DriverDouble.build();
    Path source = BASE.resolve("src/test/cpp/tensorrt_double.cpp");
    Path last = FOLDER.resolve(PARSER);
    try {
      if (Files.exists(last)
          && Files.getLastModifiedTime(last).compareTo(Files.getLastModifiedTime(source)) > 0) {
        return;
      }
      Files.createDirectories(FOLDER);
      Path java = Path.of(System.getProperty("java.home"), "include");
      compile(
          LIBRARY,
          "-Wno-invalid-offsetof",
          "-I" + java,
          "-I" + java.resolve("linux"),
          source.toString(),
          "-L" + DriverDouble.FOLDER,
          "-l:libcuda.so.1",
          "-ldl");
      for (String name : EMPTY) {
        compile(name, "-xc++", "/dev/null");
      }
      // The loader looks for its only function in the other library.
      compile(PARSER, "-xc++", "/dev/null", "-Wl,--no-as-needed", "-L" + FOLDER, "-l:" + LIBRARY);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void compile(String name, String... arguments) throws IOException {
    Path part = FOLDER.resolve(name + "." + ProcessHandle.current().pid());
    List<String> command =
        new ArrayList<>(List.of("g++", "-std=c++17", "-O1", "-g", "-shared", "-fPIC"));
    command.addAll(List.of("-Wl,-soname," + name, "-o", part.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError("g++ refuses the TensorRT double:\n" + said);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Files.move(part, FOLDER.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes the doubles this process's driver and TensorRT, or skips the test with a line. */
  public static synchronized void require() {
    DriverDouble.require();
    build();
    if (!loaded) {
      EMPTY.forEach(name -> System.load(FOLDER.resolve(name).toString()));
      System.load(FOLDER.resolve(LIBRARY).toString());
      System.load(FOLDER.resolve(PARSER).toString());
      if (TensorRtBinding.problem() != null) {
        throw new AssertionError(TensorRtBinding.problem());
      }
      loaded = true;
    }
    reset();
  }

  /** Makes something go wrong; see the source for names. */
  public static native void set(String name, long value);

  /** A counter or a setting; see the source for names. */
  public static native long count(String what);

  /** Objects of TensorRT that nobody has destroyed. */
  public static native long live();

  /** The misuses, one per line. */
  public static native String log();

  /** Forgets settings, counts and log. */
  public static native void reset();

  // What follows is called by the double.

  static String describe(byte[] onnx) throws OrtException {
    try (OrtSession session = session(onnx)) {
      StringBuilder words = new StringBuilder();
      session.getInputInfo().values().forEach(value -> describe("in", value, words));
      session.getOutputInfo().values().forEach(value -> describe("out", value, words));
      return words.toString();
    }
  }

  private static void describe(String kind, NodeInfo value, StringBuilder words) {
    TensorInfo info = (TensorInfo) value.getInfo();
    long[] shape = info.getShape();
    words.append(kind).append(' ').append(value.getName()).append(' ').append(shape.length);
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == -1 && i > 0 || info.type != OnnxJavaType.FLOAT) {
        throw new AssertionError("not float32, or free other than in its batch: " + value);
      }
      words.append(' ').append(shape[i]);
    }
    words.append('\n');
  }

  private static OrtSession session(byte[] onnx) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(onnx, options);
    }
  }

  static long open(byte[] onnx) throws OrtException {
    long number = LAST.incrementAndGet();
    SESSIONS.put(number, session(onnx));
    return number;
  }

  static void shut(long number) throws OrtException {
    OrtSession session = SESSIONS.remove(number);
    if (session != null) {
      session.close();
    }
  }

  static void run(long number, long batch, String names, long[] places) throws OrtException {
    OrtSession session = SESSIONS.get(number);
    Map<String, NodeInfo> outputs = session.getOutputInfo();
    Map<String, OnnxTensor> in = new HashMap<>();
    Map<String, OnnxTensor> out = new HashMap<>();
    try {
      int next = 0;
      for (String name : names.lines().toList()) {
        boolean output = outputs.containsKey(name);
        NodeInfo value = (output ? outputs : session.getInputInfo()).get(name);
        long[] shape = ((TensorInfo) value.getInfo()).getShape();
        shape[0] = shape[0] == -1 ? batch : shape[0];
        OnnxTensor tensor =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), floats(places[next++], shape), shape);
        (output ? out : in).put(name, tensor);
      }
      session.run(in, out).close();
    } finally {
      in.values().forEach(OnnxTensor::close);
      out.values().forEach(OnnxTensor::close);
    }
  }

  /** Memory of the driver double is memory of the host. */
  private static FloatBuffer floats(long place, long[] shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    Pointer address = new Address(place);
    return new FloatPointer(address).capacity(count).asBuffer();
  }
}
