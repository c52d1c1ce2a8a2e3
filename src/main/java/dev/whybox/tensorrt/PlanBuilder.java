// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import static org.bytedeco.tensorrt.global.nvinfer.createInferBuilder;
import static org.bytedeco.tensorrt.global.nvonnxparser.createParser;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.engine.Port;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.global.nvinfer.BuilderFlag;
import org.bytedeco.tensorrt.global.nvinfer.MemoryPoolType;
import org.bytedeco.tensorrt.global.nvinfer.NetworkDefinitionCreationFlag;
import org.bytedeco.tensorrt.global.nvinfer.OptProfileSelector;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.IBuilderConfig;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IOptimizationProfile;
import org.bytedeco.tensorrt.nvinfer.ITimingCache;
import org.bytedeco.tensorrt.nvonnxparser.IParser;
import org.bytedeco.tensorrt.nvonnxparser.IParserError;

/**
 * Lets TensorRT build a plan. This takes seconds to minutes, because it tries many ways to compute
 * every layer on the GPU. Its measurements are returned, to be used for the next plan.
 */
final class PlanBuilder {
  /** The largest scratch memory of a layer in bytes, besides its inputs and outputs. */
  private static final long WORKSPACE = 1L << 30;

  /** {@code Dims::MAX_DIMS}. */
  private static final int MOST_AXES = 8;

  private final CudaDevice device;
  private final int batch;

  /**
   * The result of a build.
   *
   * @param plan the engine, for this GPU and this version of TensorRT
   * @param timing TensorRT's measurements
   */
  record Built(byte[] plan, byte[] timing) {}

  /**
   * Makes a builder.
   *
   * @param device the GPU that the plans are for
   * @param batch the number of images per run that plans are tuned for, at least 1
   */
  PlanBuilder(CudaDevice device, int batch) {
    this.device = device;
    this.batch = batch;
  }

  /** The settings that plans depend on, besides the graph and the GPU. */
  String settings() {
    return "batch 1 to "
        + batch
        + ", tuned for "
        + batch
        + ", workspace "
        + WORKSPACE
        + ", no tf32";
  }

  /**
   * Builds a plan.
   *
   * @param model the graph
   * @param timing earlier measurements, or null
   * @param log receives TensorRT's messages
   * @return the plan
   */
  Built build(DeviceModel model, byte[] timing, TensorRtLog log) {
    device.use();
    try (Natives natives = new Natives(log)) {
      IBuilder builder = natives.own(createInferBuilder(log), "createInferBuilder");
      int typed = 1 << NetworkDefinitionCreationFlag.kSTRONGLY_TYPED.value;
      INetworkDefinition network = natives.own(builder.createNetworkV2(typed), "createNetworkV2");
      parse(natives, network, log, model);
      IBuilderConfig config = natives.own(builder.createBuilderConfig(), "createBuilderConfig");
      config.setMemoryPoolLimit(MemoryPoolType.kWORKSPACE, WORKSPACE);
      // Compute float32 exactly: TF32 would keep only 10 of the 23 bits of a factor's mantissa.
      config.clearFlag(BuilderFlag.kTF32);
      // Whybox overlaps runs on its own streams, and a recorded run stays on one stream.
      config.setMaxAuxStreams(0);
      if (model.freeBatch()) {
        profile(builder, config, log, model);
      }
      ITimingCache measured = timing(natives, config, log, timing);
      IHostMemory plan =
          natives.own(
              builder.buildSerializedNetwork(network, config),
              "building an engine for " + model.name());
      IHostMemory times = natives.own(measured.serialize(), "ITimingCache.serialize");
      return new Built(bytes(plan), bytes(times));
    }
  }

  private static void parse(
      Natives natives, INetworkDefinition network, TensorRtLog log, DeviceModel model) {
    IParser parser = natives.own(createParser(network, log), "createParser");
    BytePointer onnx = natives.add(new BytePointer(model.onnx()));
    if (!parser.parse(onnx, model.onnx().length)) {
      StringBuilder errors = new StringBuilder();
      for (int i = 0; i < parser.getNbErrors(); i++) {
        IParserError error = parser.getError(i);
        errors.append(
            " %s (%s): %s.".formatted(error.nodeName(), error.nodeOperator(), error.desc()));
      }
      throw new UnsupportedGraph(
          model.name() + ": TensorRT's parser refuses the graph:" + errors + " Take --device cpu.");
    }
  }

  private void profile(
      IBuilder builder, IBuilderConfig config, TensorRtLog log, DeviceModel model) {
    IOptimizationProfile profile = builder.createOptimizationProfile(); // The builder owns it.
    if (profile == null) {
      throw log.failure("createOptimizationProfile");
    }
    dimensions(profile, OptProfileSelector.kMIN, model, 1, log);
    dimensions(profile, OptProfileSelector.kOPT, model, batch, log);
    dimensions(profile, OptProfileSelector.kMAX, model, batch, log);
    if (config.addOptimizationProfile(profile) < 0) {
      throw log.failure("addOptimizationProfile");
    }
  }

  private static void dimensions(
      IOptimizationProfile profile,
      OptProfileSelector which,
      DeviceModel model,
      int images,
      TensorRtLog log) {
    for (DeviceModel.Tensor input : model.inputs()) {
      if (input.free()) {
        try (Dims64 dims = dims(input.at(images))) {
          if (!profile.setDimensions(input.name(), which, dims)) {
            throw log.failure("IOptimizationProfile.setDimensions of " + input.name());
          }
        }
      }
    }
  }

  static Dims64 dims(Port port) {
    long[] shape = port.shape();
    if (shape.length > MOST_AXES) {
      throw new UnsupportedGraph(
          "The tensor %s has %d axes; TensorRT takes up to %d. Take --device cpu."
              .formatted(port.name(), shape.length, MOST_AXES));
    }
    Dims64 dims = new Dims64().nbDims(shape.length);
    for (int i = 0; i < shape.length; i++) {
      dims.d(i, shape[i]);
    }
    return dims;
  }

  /** Makes the timing cache. Measurements of another version or GPU are ignored. */
  private static ITimingCache timing(
      Natives natives, IBuilderConfig config, TensorRtLog log, byte[] timing) {
    if (timing != null) {
      BytePointer blob = natives.add(new BytePointer(timing));
      ITimingCache known = config.createTimingCache(blob, timing.length);
      if (known != null && config.setTimingCache(natives.own(known, ""), false)) {
        return known;
      }
    }
    ITimingCache fresh =
        natives.own(config.createTimingCache((Pointer) null, 0), "createTimingCache");
    if (!config.setTimingCache(fresh, false)) {
      throw log.failure("setTimingCache");
    }
    return fresh;
  }

  private static byte[] bytes(IHostMemory memory) {
    byte[] bytes = new byte[Math.toIntExact(memory.size())];
    new BytePointer(memory.data()).get(bytes);
    return bytes;
  }
}
