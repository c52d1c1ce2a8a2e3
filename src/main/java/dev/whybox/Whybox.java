// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import dev.whybox.adapt.Adapter;
import dev.whybox.adapt.Adapter.Adapted;
import dev.whybox.blackbox.Shap;
import dev.whybox.dream.Dream;
import dev.whybox.dream.DreamListener;
import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.GradientAscent;
import dev.whybox.engine.Device;
import dev.whybox.engine.EngineInfo;
import dev.whybox.error.Resources;
import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.evaluate.Backend;
import dev.whybox.evaluate.CpuBackend;
import dev.whybox.evaluate.Gpu;
import dev.whybox.evaluate.GpuBackend;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.explain.Outcome;
import dev.whybox.explain.ProgressListener;
import dev.whybox.graph.CoarseOutput;
import dev.whybox.image.Image;
import dev.whybox.inside.ActivationStudy;
import dev.whybox.inside.FeatureMaps;
import dev.whybox.inside.Inspection;
import dev.whybox.inside.Kernels;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.ModelFile;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetValidator;
import dev.whybox.yolo.YoloModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A YOLOv8 model that can say why. Open it once and share it between threads; each call uses
 * buffers of its own. Close it when done: calls under way are cancelled and return what they have.
 *
 * <p>Long since every door to the library is here, and most of it is what these doors promise.
 */
public final class Whybox implements AutoCloseable {
  private final byte[] onnx;
  private final Options options;
  private final int threads;
  private final TargetValidator validator;
  private final String cpuReason;
  private final Resources owned = new Resources();
  private final Workbench cpu;

  /** On the GPU, where one is used; else the same as the other. */
  private final Workbench best;

  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private volatile boolean closed;

  private Whybox(byte[] bytes, String name, Options options) {
    this(bytes, name, options, new Gpu(options.device(), options.batch(), options.half()));
  }

  private Whybox(byte[] bytes, String name, Options options, Gpu gpu) {
    this.options = options;
    this.threads =
        options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
    boolean good = false;
    try {
      Adapted model =
          Adapter.open(bytes, name, threads, options.size(), options.head(), options.input());
      this.onnx = model.onnx();
      Backend onCpu =
          owned.add(new CpuBackend(model, name, threads, options.batch(), options.size()));
      GpuBackend onGpu = gpu.open(onnx, onCpu.model());
      this.cpuReason = gpu.cpuReason();
      if (onGpu == null) {
        ModelFile.requireBatch(name, onCpu.model().info().batch(), options.batch());
      } else {
        owned.add(onGpu);
      }
      this.validator = new TargetValidator(onCpu.model());
      this.cpu = owned.add(new Workbench(onnx, onCpu, threads, () -> closed));
      this.best =
          onGpu == null ? cpu : owned.add(new Workbench(onnx, onGpu, cpu, threads, () -> closed));
      good = true;
    } finally {
      if (!good) {
        owned.close();
      }
    }
  }

  /**
   * Opens a model as Ultralytics exports it.
   *
   * @param file an ONNX file: YOLOv8 or 11 (or another with that head), opset 11 to 22, float32 or
   *     float16, static or dynamic
   * @return the model, to be closed by the caller
   * @throws WhyboxException where the file can't be read or is no such detector
   */
  public static Whybox open(Path file) {
    return open(file, Options.DEFAULT);
  }

  /**
   * Opens a model as {@link #open(Path) open} does, with options.
   *
   * @param file an ONNX file
   * @param options thresholds, threads, batch, size
   * @return the model, to be closed by the caller
   * @throws WhyboxException where the file can't be read or is no such detector
   */
  public static Whybox open(Path file, Options options) {
    return new Whybox(read(file), file.toString(), options);
  }

  /**
   * Opens a model that another device runs.
   *
   * @param device makes what runs them from the model on the CPU; closed with the result
   */
  static Whybox open(Path file, Options options, Function<YoloModel, GpuBackend> device) {
    return new Whybox(read(file), file.toString(), options, new Gpu(device));
  }

  /**
   * Opens a model that is in memory.
   *
   * @param onnx an ONNX file, not changed afterwards
   * @param name its name in messages and results
   * @param options thresholds, threads, batch, size
   * @return the model, to be closed by the caller
   * @throws WhyboxException where it is no such detector
   */
  public static Whybox of(byte[] onnx, String name, Options options) {
    return new Whybox(onnx, name, options);
  }

  /**
   * Reads a model's file.
   *
   * @param file an ONNX file
   * @return its bytes
   * @throws WhyboxException.UnreadableModel where it can't be read
   */
  public static byte[] read(Path file) {
    return ModelFile.read(file);
  }

  /**
   * Opens the small model that comes with Whybox, for trying things out.
   *
   * @param options thresholds, threads, batch, size
   * @return the model, to be closed by the caller
   */
  public static Whybox bundled(Options options) {
    return new Whybox(bundledModel(), ModelFile.BUNDLED, options);
  }

  /**
   * The small model that comes with Whybox.
   *
   * @return an ONNX file
   */
  public static byte[] bundledModel() {
    return ModelFile.bundled();
  }

  /**
   * Says what a model file is made of: layers, parameters, operations. Nothing is run, so models of
   * every task can be inspected, those too that can't be opened.
   *
   * @param file an ONNX file, opset 11 to 22
   * @param size the side of the input in pixels for a model of free size, or 0 for the model's own
   * @return facts, layers, totals
   * @throws BadArgument where the size does not fit the model
   * @throws WhyboxException where the file can't be read or is no ONNX model
   */
  public static Inspection inspect(Path file, int size) {
    byte[] bytes = read(file);
    return Inspection.of(bytes, file.toString(), ModelFile.sha256(bytes), size);
  }

  /**
   * Says what the bundled model is made of, as {@link #inspect(Path, int)}.
   *
   * @param size the side of the input in pixels, or 0 for the model's own
   * @return facts, layers, totals
   * @throws BadArgument where the size does not fit the model
   */
  public static Inspection inspectBundled(int size) {
    byte[] bytes = bundledModel();
    return Inspection.of(bytes, ModelFile.BUNDLED, ModelFile.sha256(bytes), size);
  }

  /**
   * Why the CPU is used.
   *
   * @return what {@link Device#AUTO} found missing for a GPU, in sentences; null where a GPU is
   *     used
   */
  public String cpuReason() {
    return cpuReason;
  }

  /**
   * What the model says of itself.
   *
   * @return task, class names, sizes, digest
   */
  public ModelInfo model() {
    return cpu.backend().model().info();
  }

  /**
   * What of the model's file could not be used, though the model runs, such as class names that do
   * not fit its output.
   *
   * @return sentences; usually none
   */
  public List<String> warnings() {
    return cpu.backend().model().warnings();
  }

  /**
   * What detects and explains: the GPU's engine where one is used.
   *
   * @return name, version, device, precision
   */
  public EngineInfo engine() {
    return best.backend().info();
  }

  /**
   * Why all scores are 0, where the model is quantised so coarsely that they must be.
   *
   * @return a sentence that names the tensor; empty where the output holds probabilities
   */
  public Optional<String> deadScores() {
    return CoarseOutput.of(onnx)
        .map(
            coarse ->
                "The quantisation of this export broke its scores: the tensor %s holds only multiples of %.3g, so each score becomes 0. Quantise it again without the operators of the head, or export float32."
                    .formatted(coarse.tensor(), coarse.step()));
  }

  /**
   * Makes later calls as fast as they will ever be: {@link #warmUp(Method) warmUp} for {@link
   * dev.whybox.blackbox.Shap}.
   */
  public void warmUp() {
    warmUp(new Shap());
  }

  /**
   * Makes later calls of a method as fast as they will ever be, and lets calls that cannot meet
   * their deadline be refused at once. It detects and explains noise: that compiles the code, opens
   * lanes, finds the best way to spread samples, and measures what a call of this method takes. It
   * takes the time of some 200 forwards.
   *
   * @param method the method that will be used
   */
  public void warmUp(Method method) {
    whileOpen(
        () -> {
          new WarmUp(best, validator).run(method);
          return null;
        });
  }

  /**
   * Finds the objects in an image, as Ultralytics' predict does: letterbox, forward pass,
   * confidence threshold, non-maximum suppression within a class.
   *
   * @param image the image
   * @return the detections, the best first; empty where there are none
   * @throws WhyboxException.NonFiniteOutput where the model answers with NaN or infinity
   */
  public List<Detection> detect(Image image) {
    return detect(image, options.confidence());
  }

  /**
   * Finds the objects in an image with another confidence threshold.
   *
   * @param image the image
   * @param confidence a detection's score is above this, in [0,1)
   * @return the detections, the best first; empty where there are none
   * @throws WhyboxException.NonFiniteOutput where the model answers with NaN or infinity
   */
  public List<Detection> detect(Image image, float confidence) {
    return detect(best, image, confidence);
  }

  /**
   * Finds the objects in an image as {@link #detect(Image, float) detect} does, but on the CPU,
   * whatever the device is.
   *
   * @param image the image
   * @param confidence a detection's score is above this, in [0,1)
   * @return the detections, the best first; empty where there are none
   * @throws WhyboxException.NonFiniteOutput where the model answers with NaN or infinity
   */
  public List<Detection> detectOnCpu(Image image, float confidence) {
    return detect(cpu, image, confidence);
  }

  private List<Detection> detect(Workbench where, Image image, float confidence) {
    Options.checkConfidence(confidence);
    return whileOpen(() -> where.detections().detect(image, confidence, options.iou()));
  }

  /**
   * Why this box? Explains one target with the method's own number of samples.
   *
   * @param image the image
   * @param target what to explain, such as {@code Target.of(detection)}
   * @param method the method, such as {@code new Shap()}
   * @return the explanation
   * @throws WhyboxException.BadTarget where the class is unknown or the box outside the image
   */
  public Explanation explain(Image image, Target target, Method method) {
    return explain(image, List.of(target), method, Budget.DEFAULT, ProgressListener.NONE).get(0);
  }

  /**
   * Explains targets of one image in one pass: many cost about what one costs.
   *
   * <p>Interrupting the thread ends the run early, as {@link ProgressListener.Progress#cancel}
   * does.
   *
   * @param image the image
   * @param targets at least one
   * @param method the method
   * @param budget samples, deadline, seed
   * @param listener hears of every wave of samples, on this thread
   * @return one explanation per target, in the same order
   * @throws WhyboxException.BadTarget where a class is unknown or a box outside the image
   * @throws BadArgument where the method names a layer that there is not
   * @throws WhyboxException.NotDifferentiable where no gradient leads from a target to where a
   *     white-box method looks
   */
  public List<Explanation> explain(
      Image image,
      List<? extends Target> targets,
      Method method,
      Budget budget,
      ProgressListener listener) {
    List<Target> checked = validator.of(image, targets);
    return whileOpen(() -> best.runner().explain(image, checked, method, budget, listener));
  }

  /**
   * Explains as {@link #explain(Image, List, Method, Budget, ProgressListener) explain} does, but
   * on the CPU, whatever the device is: for who wants to go on where a GPU has failed. The same
   * seed gives the same map, up to the precision of the scores.
   *
   * @param image the image
   * @param targets at least one
   * @param method the method
   * @param budget samples, deadline, seed
   * @param listener hears of every wave of samples, on this thread
   * @return one explanation per target, in the same order
   * @throws WhyboxException as there
   */
  public List<Explanation> explainOnCpu(
      Image image,
      List<? extends Target> targets,
      Method method,
      Budget budget,
      ProgressListener listener) {
    List<Target> checked = validator.of(image, targets);
    return whileOpen(() -> cpu.runner().explain(image, checked, method, budget, listener));
  }

  /**
   * Explains targets of one image by several methods. Where the list has a {@link
   * dev.whybox.blackbox.Shap} that plays a Gaussian process and a {@link dev.whybox.blackbox.Lime}
   * with the same segments, baseline and similarity, LIME runs no forward: it is predicted from
   * SHAP's samples, and its {@link Explanation#estimation} says so. All else runs in turn.
   *
   * <p>A deadline is for all together: each run may take an equal part of the time that is left
   * when it begins. Samples are for each run, a goal for the error is for SHAP. Where a run is
   * cancelled, no other begins.
   *
   * @param image the image
   * @param targets at least one
   * @param methods at least one, each once
   * @param budget samples, deadline, seed
   * @param listeners asked for a listener when a run begins, by the method that runs; such as
   *     {@code method -> ProgressListener.NONE}
   * @return for each method one explanation per target, or why it failed, in the order of the list;
   *     a method that fails leaves the results of the others as they are. Methods that were not
   *     begun because a run was cancelled are left out
   * @throws WhyboxException.BadTarget where a class is unknown or a box outside the image
   * @throws BadArgument where there is no method, one twice, or a goal for the error without SHAP
   */
  public Map<Method, Outcome> explain(
      Image image,
      List<? extends Target> targets,
      List<? extends Method> methods,
      Budget budget,
      Function<? super Method, ? extends ProgressListener> listeners) {
    List<Target> checked = validator.of(image, targets);
    MethodList list = new MethodList(best.runner(), methods, budget);
    return whileOpen(() -> list.run(image, checked, listeners));
  }

  /** Does something that {@link #close} waits for. */
  private <T> T whileOpen(Supplier<T> work) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new EngineFailure("This Whybox is closed.", null);
      }
      return work.get();
    } finally {
      open.readLock().unlock();
    }
  }

  /**
   * Shows the feature maps of a layer, and how much each channel adds to a target.
   *
   * @param image the image
   * @param target such as {@code Target.of(detection)}
   * @param layer a tensor's name or a layer such as {@code model.15}; empty for the one that the
   *     head of the target reads
   * @return the maps and their contributions
   * @throws WhyboxException.BadTarget where the class is unknown or the box outside the image
   * @throws BadArgument where there is no such layer
   * @throws WhyboxException.NotDifferentiable where no gradient leads from the target to it
   */
  public FeatureMaps features(Image image, Target target, String layer) {
    Target checked = validator.of(image, List.of(target)).get(0);
    return whileOpen(() -> best.gradients().features(image, checked, layer));
  }

  /**
   * Shows the kernels of a layer's convolutions.
   *
   * @param layer such as {@code model.0}; empty for the first layer that has a convolution
   * @return an entry per convolution, at least one
   * @throws BadArgument where there is no such layer or it has none
   */
  public List<Kernels> kernels(String layer) {
    return Kernels.of(onnx, model().path(), layer);
  }

  /**
   * Begins a study of what the activation functions do with images.
   *
   * @return a study that the caller feeds, reads and closes; it may outlive this object
   * @throws WhyboxException.UnsupportedGraph where no activation function is found
   */
  public ActivationStudy activations() {
    return whileOpen(() -> new ActivationStudy(onnx, cpu.backend().model(), threads));
  }

  /**
   * Checks targets as {@link #explain(Image, List, Method, Budget, ProgressListener) explain} does,
   * without the work: for saying what is wrong before it begins.
   *
   * @param image the image
   * @param targets at least one
   * @throws WhyboxException.BadTarget where a class is unknown or a box outside the image
   */
  public void check(Image image, List<? extends Target> targets) {
    validator.of(image, targets);
  }

  /**
   * What would the model like to see? Draws a picture, of the size of the model's input, that
   * excites a target.
   *
   * @param target a class, a channel or a neuron
   * @return the picture after {@value GradientAscent#DEFAULT_STEPS} steps
   * @throws BadTarget where the class is none of the model's
   * @throws BadArgument where the layer, channel or neuron is none of the model's
   */
  public Dream dream(DreamTarget target) {
    return dream(target, GradientAscent.DEFAULT, Budget.DEFAULT, DreamListener.NONE);
  }

  /**
   * Draws a picture, of the size of the model's input, that excites a target.
   *
   * <p>Interrupting the thread ends the ascent early, as {@link DreamListener.Progress#cancel}
   * does.
   *
   * @param target a class, a channel or a neuron
   * @param method how
   * @param budget steps, as its samples; deadline; seed
   * @param listener hears of every step, on this thread
   * @return the picture; where the ascent was cut short, as far as it came
   * @throws BadTarget where the class is none of the model's
   * @throws BadArgument where the layer, channel or neuron is none of the model's
   * @throws WhyboxException.NotDifferentiable where no gradient leads from the target to the image
   * @throws WhyboxException.NonFiniteOutput where the model answers with NaN or infinity
   */
  public Dream dream(
      DreamTarget target, GradientAscent method, Budget budget, DreamListener listener) {
    return whileOpen(() -> best.dreamer().dream(target, method, budget, listener, () -> closed));
  }

  /**
   * Checks a target as {@link #dream(DreamTarget) dream} does, without the work.
   *
   * @param target a class, a channel or a neuron
   * @throws BadTarget where the class is none of the model's
   * @throws BadArgument where the layer, channel or neuron is none of the model's
   */
  public void check(DreamTarget target) {
    whileOpen(
        () -> {
          best.dreamer().check(target);
          return null;
        });
  }

  /**
   * Cancels what runs, waits for it, and frees the model. A second call does nothing.
   *
   * @throws IllegalStateException where a {@link ProgressListener} calls it, which would wait for
   *     itself
   */
  @Override
  public void close() {
    if (open.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "A Whybox can't be closed from within its own progress listener; cancel the run there.");
    }
    closed = true;
    open.writeLock().lock();
    try {
      owned.close();
    } finally {
      open.writeLock().unlock();
    }
  }
}
