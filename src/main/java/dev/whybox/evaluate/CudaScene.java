// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.DeviceMemory;
import dev.whybox.cuda.KernelModule;
import dev.whybox.cuda.Launch;
import dev.whybox.design.AllCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.error.Resources;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.image.Box;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.Score;
import dev.whybox.yolo.TargetScorer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * What all waves of an explanation read: image, baseline, segments, targets; copied to the GPU
 * once. The geometry of launches is that of {@code src/main/cpp/kernels.h}.
 */
public final class CudaScene implements AutoCloseable {
  /** Where coalitions come from, in kernels.h. */
  private static final int GIVEN = 0;

  private static final int UNIFORM = 1;
  private static final int SHAPLEY = 2;
  private static final int ALL = 3;

  private static final int BLOCK = 256;

  /** Pixels that a thread paints. */
  private static final int PIXELS = 4;

  private static final short PADDING = (short) 0xffff;

  private final Scene scene;
  private final Masks masks;
  private final TargetScorer.Parameters targets;
  private final Resources resources = new Resources();
  private final DeviceMemory image;
  private final DeviceMemory baseline;
  private final DeviceMemory labels;
  private final DeviceMemory limits;
  private final DeviceMemory boxes;
  private final DeviceMemory classIds;
  private final DeviceMemory vectors;

  public CudaScene(CudaDevice device, Scene scene, Masks masks, Score scorer) {
    this.scene = scene;
    this.masks = masks;
    this.targets =
        scorer
            .device()
            .orElseThrow(
                () ->
                    new UnsupportedGraph(
                        "These targets can't be scored by a kernel of the GPU. Take --device cpu."));
    try {
      image = upload(device, new FloatPointer(scene.image()), "the image");
      baseline = upload(device, new FloatPointer(scene.baseline()), "the baseline");
      if (masks instanceof SegmentMasks segments) {
        labels = upload(device, new ShortPointer(labels(segments.segments())), "the segments");
        limits =
            segments.coalitions() instanceof ShapleyCoalitions shapley
                ? upload(device, new LongPointer(shapley.sizeLimits()), "the sizes of coalitions")
                : null;
      } else {
        labels = null;
        limits = null;
      }
      boxes = upload(device, new FloatPointer(targets.boxes()), "the boxes");
      classIds = upload(device, new IntPointer(targets.classIds()), "the classes");
      vectors =
          targets.vectors() == null
              ? null
              : upload(device, new FloatPointer(targets.vectors()), "the probabilities");
    } catch (RuntimeException | Error e) {
      Resources.closeAfter(e, resources);
      throw e;
    }
  }

  private DeviceMemory upload(CudaDevice device, Pointer source, String what) {
    try (source) {
      return resources.add(DeviceMemory.of(device, source, what));
    }
  }

  /** The segment of each pixel of the input. */
  private short[] labels(Segments segments) {
    short[] result = new short[scene.plane()];
    Arrays.fill(result, PADDING);
    for (int y = 0; y < segments.height(); y++) {
      int start = scene.rowStart(y);
      for (int x = 0; x < segments.width(); x++) {
        result[start + x] = (short) segments.label(x, y);
      }
    }
    return result;
  }

  /** The design whose coalitions the GPU can't draw, or null. */
  public Coalitions givenCoalitions() {
    return masks instanceof SegmentMasks segments && design(segments.coalitions()) == GIVEN
        ? segments.coalitions()
        : null;
  }

  private static int design(Coalitions coalitions) {
    return coalitions instanceof UniformCoalitions
        ? UNIFORM
        : coalitions instanceof ShapleyCoalitions
            ? SHAPLEY
            : coalitions instanceof AllCoalitions ? ALL : GIVEN;
  }

  private static long seed(Coalitions coalitions) {
    return coalitions instanceof UniformCoalitions uniform
        ? uniform.seed()
        : coalitions instanceof ShapleyCoalitions shapley ? shapley.seed() : 0;
  }

  /** The design of the coalitions, by its number in kernels.h. */
  public int design() {
    return design(((SegmentMasks) masks).coalitions());
  }

  public long seed() {
    return seed(((SegmentMasks) masks).coalitions());
  }

  /** Null for designs that need none. */
  public DeviceMemory limits() {
    return limits;
  }

  /** Values an image has as input. */
  int inputSize() {
    return scene.size();
  }

  /** The kernel must not read past the end of an output that is smaller than the head. */
  void requireHead(DeviceMemory output, int batch) {
    long wanted = (long) Float.BYTES * batch * targets.rows() * targets.anchors();
    if (output.bytes() != wanted) {
      throw new EngineFailure(
          "The engine's first output has %d bytes for %d images, but the head has %d. Take --device cpu, and report the model."
              .formatted(output.bytes(), batch, wanted),
          null);
    }
  }

  int targets() {
    return targets.classIds().length;
  }

  /** Paints a wave, in float32. */
  public Launch perturb(
      KernelModule kernels, DeviceMemory wave, DeviceMemory bits, DeviceMemory input) {
    return perturb(kernels, false, wave, bits, input);
  }

  /** Paints a wave, in float16 or float32. */
  public Launch perturb(
      KernelModule kernels,
      boolean half,
      DeviceMemory wave,
      DeviceMemory bits,
      DeviceMemory input) {
    int pixels = half ? 2 * PIXELS : PIXELS;
    int width = scene.letterbox().inputWidth();
    int height = scene.letterbox().inputHeight();
    int[] block = {BLOCK, 1};
    if (masks instanceof SegmentMasks segments) {
      Coalitions coalitions = segments.coalitions();
      return kernels.launch(
          half ? "perturb_segments_f16" : "perturb_segments_f32",
          new int[] {ceil(ceil(scene.plane(), pixels), BLOCK), 1},
          block,
          image,
          baseline,
          labels,
          scene.plane(),
          wave,
          design(coalitions),
          coalitions.players(),
          seed(coalitions),
          bits,
          limits,
          input);
    }
    RiseMasks rise = (RiseMasks) masks;
    return kernels.launch(
        half ? "perturb_rise_f16" : "perturb_rise_f32",
        new int[] {ceil(height * ceil(width, pixels), BLOCK), 1},
        block,
        image,
        baseline,
        width,
        height,
        scene.letterbox().left(),
        scene.letterbox().top(),
        rise.width(),
        rise.height(),
        wave,
        rise.grid(),
        (int) rise.threshold(),
        rise.seed(),
        input);
  }

  /** Scores a wave of float32 heads. */
  public Launch score(
      KernelModule kernels,
      DeviceMemory wave,
      DeviceMemory output,
      DeviceMemory scores,
      int batch) {
    return score(kernels, false, wave, output, scores, batch);
  }

  /** Scores a wave of float16 or float32 heads. */
  public Launch score(
      KernelModule kernels,
      boolean half,
      DeviceMemory wave,
      DeviceMemory output,
      DeviceMemory scores,
      int batch) {
    Box content = targets.content();
    return kernels.launch(
        half ? "score_f16" : "score_f32",
        new int[] {targets(), batch},
        new int[] {BLOCK, 1},
        output,
        wave,
        targets.rows(),
        targets.anchors(),
        targets.anchorsFirst() ? 1 : 0,
        targets.classes(),
        boxes,
        classIds,
        vectors,
        targets(),
        content.x1(),
        content.y1(),
        content.x2(),
        content.y2(),
        scores);
  }

  private static int ceil(int value, int by) {
    return (value + by - 1) / by;
  }

  @Override
  public void close() {
    resources.close();
  }
}
