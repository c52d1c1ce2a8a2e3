// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import dev.whybox.WhyboxException.BadArgument;
import dev.whybox.WhyboxException.BadTarget;
import dev.whybox.WhyboxException.DeadlineTooShort;
import dev.whybox.WhyboxException.EngineFailure;
import dev.whybox.WhyboxException.NonFiniteOutput;
import dev.whybox.WhyboxException.NotDifferentiable;
import dev.whybox.WhyboxException.UnreadableModel;
import dev.whybox.WhyboxException.UnsupportedGraph;
import dev.whybox.dream.Dream;
import dev.whybox.dream.DreamListener;
import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.GradientAscent;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.OrtEngine;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.BlackBox;
import dev.whybox.explain.BoxPrior;
import dev.whybox.explain.Dreamer;
import dev.whybox.explain.Explainer;
import dev.whybox.explain.GradientExplainer;
import dev.whybox.explain.Method;
import dev.whybox.explain.Saliency;
import dev.whybox.explain.WhiteBox;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.inside.ActivationStudy;
import dev.whybox.inside.FeatureMaps;
import dev.whybox.inside.Inspection;
import dev.whybox.inside.Kernels;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.YoloModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * A YOLOv8 model that can say why. Open it once and share it between threads; each call uses
 * buffers of its own. Close it when done: calls under way are cancelled and return what they have.
 */
public final class Whybox implements AutoCloseable {
  private static final String BUNDLED = "models/whybox-n.onnx";

  /** A YOLO model of 2 GiB does not exist, and an ONNX file can't be larger. */
  private static final long MAX_MODEL_BYTES = Integer.MAX_VALUE - 8L;

  /** A gradient costs about three forwards a target. */
  private static final int MOST_HINTS = 8;

  private final byte[] onnx;
  private final OrtEngine engine;
  private final YoloModel model;
  private final EngineInfo info;
  private final Options options;
  private final int threads;
  private final Gpu gpu;
  private final Explainer explainer;
  private final Explainer cpuExplainer;
  private final GradientExplainer gradients;
  private final GradientExplainer cpuGradients;
  private final Dreamer dreamer;
  private final Detections detections;
  private final Detections cpuDetections;
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private volatile boolean closed;

  private Whybox(byte[] bytes, String name, Options options) {
    this(bytes, name, options, new Gpu(options));
  }

  private Whybox(byte[] bytes, String name, Options options, Gpu gpu) {
    this.onnx = bytes;
    this.options = options;
    this.threads =
        options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
    this.gpu = gpu;
    this.engine = new OrtEngine(bytes, name, threads);
    try {
      this.model = new YoloModel(engine, name, sha256(bytes), options.size());
      Gpu.Opened onGpu = gpu.open(bytes, model);
      int fixed = model.info().batch();
      if (onGpu == null && fixed > 0 && options.batch() > 0 && options.batch() != fixed) {
        throw new BadArgument(
            name
                + ": the export has a fixed batch of "
                + fixed
                + ", so a batch of "
                + options.batch()
                + " is not possible. Export it with dynamic=True, or leave the batch out.");
      }
      this.cpuExplainer = new Explainer(model, threads, options.batch());
      this.cpuGradients = new GradientExplainer(bytes, model, threads);
      this.cpuDetections = new Detections(model, threads);
      if (onGpu == null) {
        this.info = engine.info();
        this.explainer = cpuExplainer;
        this.gradients = cpuGradients;
        this.detections = cpuDetections;
        this.dreamer = new Dreamer(model, cpuGradients, threads);
      } else {
        YoloModel there =
            new YoloModel(onGpu.engine(), name, model.info().sha256(), options.size());
        this.info = onGpu.engine().info();
        this.explainer = new Explainer(model, onGpu.evaluators(), threads);
        this.gradients = new GradientExplainer(bytes, there, threads, onGpu.half());
        this.detections = new Detections(there, threads);
        this.dreamer = new Dreamer(there, gradients, threads);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      gpu.close();
      engine.close();
      throw e;
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
   * Opens a model as Ultralytics exports it.
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
  static Whybox open(Path file, Options options, Function<YoloModel, Gpu.Opened> device) {
    return new Whybox(read(file), file.toString(), options, new Gpu(device));
  }

  /**
   * Opens a model that is in memory.
   *
   * @param onnx an ONNX file, not changed afterwards
   * @param name what to call it in messages and results
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
   * @throws UnreadableModel where it can't be read
   */
  public static byte[] read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new UnreadableModel(
            file
                + ": "
                + (Files.exists(file) ? "not a regular file" : "no such file")
                + ". Name an .onnx file.",
            null);
      }
      if (Files.size(file) > MAX_MODEL_BYTES) {
        throw new UnreadableModel(
            file + ": " + Files.size(file) + " bytes, but an ONNX file has at most 2 GiB.", null);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnreadableModel(
          file + ": can't be read (" + e + "). Check that you may read it.", e);
    }
  }

  /**
   * Opens the small model that comes with Whybox, for trying things out.
   *
   * @param options thresholds, threads, batch, size
   * @return the model, to be closed by the caller
   */
  public static Whybox bundled(Options options) {
    return new Whybox(bundledModel(), BUNDLED, options);
  }

  /**
   * The small model that comes with Whybox.
   *
   * @return an ONNX file
   */
  public static byte[] bundledModel() {
    try (InputStream stream = Whybox.class.getResourceAsStream(BUNDLED)) {
      if (stream == null) {
        throw new UnreadableModel("This build of Whybox has no bundled model. Name one.", null);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UnreadableModel("The bundled model can't be read: " + e.getMessage(), e);
    }
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
    return Inspection.of(bytes, file.toString(), sha256(bytes), size);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has SHA-256.
    }
  }

  /**
   * Why the CPU is used.
   *
   * @return what {@link Device#AUTO} found missing for a GPU, in sentences; null where a GPU is
   *     used
   */
  public String cpuReason() {
    return gpu.cpuReason();
  }

  /**
   * What the model says of itself.
   *
   * @return task, class names, sizes, digest
   */
  public ModelInfo model() {
    return model.info();
  }

  /**
   * What detects and explains: the GPU's engine where one is used.
   *
   * @return name, version, device, precision
   */
  public EngineInfo engine() {
    return info;
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
    return detect(detections, image, confidence);
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
    return detect(cpuDetections, image, confidence);
  }

  private List<Detection> detect(Detections where, Image image, float confidence) {
    options.withConfidence(confidence);
    open.readLock().lock();
    try {
      requireOpen();
      return where.detect(image, confidence, options.iou());
    } finally {
      open.readLock().unlock();
    }
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
   * @return one explanation a target, in the same order
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
    return explain(explainer, gradients, image, targets, method, budget, listener);
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
   * @return one explanation a target, in the same order
   * @throws WhyboxException.BadTarget where a class is unknown or a box outside the image
   * @throws BadArgument where the method names a layer that there is not
   * @throws WhyboxException.NotDifferentiable where no gradient leads from a target to where a
   *     white-box method looks
   */
  public List<Explanation> explainOnCpu(
      Image image,
      List<? extends Target> targets,
      Method method,
      Budget budget,
      ProgressListener listener) {
    return explain(cpuExplainer, cpuGradients, image, targets, method, budget, listener);
  }

  private List<Explanation> explain(
      Explainer perturbing,
      GradientExplainer differentiating,
      Image image,
      List<? extends Target> targets,
      Method method,
      Budget budget,
      ProgressListener listener) {
    List<Target> checked = checked(image, targets);
    open.readLock().lock();
    try {
      requireOpen();
      if (method instanceof WhiteBox white) {
        return differentiating.explain(image, checked, white, budget, listener, () -> closed);
      }
      if (!(method instanceof BlackBox black)) {
        return guess(image, checked, (BoxPrior) method, budget);
      }
      try {
        return perturbing.explain(
            image,
            checked,
            black,
            budget,
            listener,
            () -> closed,
            () -> saliency(image, checked, budget));
      } catch (DeadlineTooShort e) {
        if (budget.fallback() == null) {
          throw e;
        }
        // What falls back is a handful of passes; it is not to fail for the same deadline.
        Budget late = new Budget(0, null, 0, budget.seed(), null);
        Method other = budget.fallback();
        List<Explanation> answers =
            other instanceof WhiteBox white
                ? differentiating.explain(image, checked, white, late, listener, () -> closed)
                : guess(image, checked, (BoxPrior) other, late);
        return answers.stream().map(why -> why.insteadOf(method, e.getMessage())).toList();
      }
    } finally {
      open.readLock().unlock();
    }
  }

  private List<Explanation> guess(
      Image image, List<Target> targets, BoxPrior prior, Budget budget) {
    return prior.explain(image, targets, model.info(), info, budget);
  }

  /**
   * The gradient's size, as a hint for a black-box method; empty where it would cost more than it
   * tells (many targets), where time is short, or where there is no gradient, or none that the
   * model's precision can hold. Of the CPU on every device: the choice of coalitions depends on it,
   * which a seed is to fix, and a GPU's plans for the sake of a hint would take minutes.
   */
  private List<PixelValues> saliency(Image image, List<Target> targets, Budget budget) {
    if (targets.size() > MOST_HINTS || budget.deadline() != null) {
      return List.of();
    }
    try {
      Budget once = Budget.DEFAULT;
      return cpuGradients
          .explain(image, targets, new Saliency(), once, ProgressListener.NONE, () -> closed)
          .stream()
          .map(found -> (PixelValues) found.attribution())
          .toList();
    } catch (NotDifferentiable | NonFiniteOutput | UnsupportedGraph | BadTarget e) {
      return List.of();
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
    Target checked = checked(image, List.of(target)).get(0);
    open.readLock().lock();
    try {
      requireOpen();
      return gradients.features(image, checked, layer);
    } finally {
      open.readLock().unlock();
    }
  }

  /**
   * Shows the kernels of a layer's convolutions.
   *
   * @param layer such as {@code model.0}; empty for the first layer that has a convolution
   * @return an entry a convolution, at least one
   * @throws BadArgument where there is no such layer or it has none
   */
  public List<Kernels> kernels(String layer) {
    return Kernels.of(onnx, model.info().path(), layer);
  }

  /**
   * Begins a study of what the activation functions do with images.
   *
   * @return a study that the caller feeds, reads and closes; it may outlive this object
   * @throws WhyboxException.UnsupportedGraph where no activation function is found
   */
  public ActivationStudy activations() {
    open.readLock().lock();
    try {
      requireOpen();
      return new ActivationStudy(onnx, model, threads);
    } finally {
      open.readLock().unlock();
    }
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
    checked(image, targets);
  }

  private List<Target> checked(Image image, List<? extends Target> targets) {
    if (targets.isEmpty()) {
      throw new BadTarget("There is nothing to explain: the list of targets is empty.");
    }
    return targets.stream().map(target -> checked(target, image)).toList();
  }

  /** The target with its box inside the image. */
  private Target checked(Target target, Image image) {
    int classes = model.info().names().size();
    if (target.classId() < 0 || target.classId() >= classes) {
      throw new BadTarget(
          "Class "
              + target.classId()
              + " is unknown: the model has classes 0 to "
              + (classes - 1)
              + ".");
    }
    Box box = target.box();
    if (box.x1() > box.x2() || box.y1() > box.y2()) {
      Box turned =
          new Box(
              Math.min(box.x1(), box.x2()),
              Math.min(box.y1(), box.y2()),
              Math.max(box.x1(), box.x2()),
              Math.max(box.y1(), box.y2()));
      throw new BadTarget(
          "The corners of the box %s are the wrong way round: x1,y1,x2,y2 must have x1 < x2 and"
                  .formatted(corners(box))
              + " y1 < y2. Was %s meant?".formatted(corners(turned)));
    }
    // Comparisons with NaN are false.
    if (!(box.clip(image.width(), image.height()).area() > 0)) {
      throw new BadTarget(
          "The box %s covers nothing of the image, whose pixels reach from 0,0 to %d,%d."
                  .formatted(corners(box), image.width(), image.height())
              + " Give x1,y1,x2,y2 with x1 < x2 and y1 < y2.");
    }
    if (target instanceof Target.Found found && !model.hasAnchor(found.detection().anchor())) {
      throw new BadTarget(
          "The detection's anchor "
              + found.detection().anchor()
              + " does not exist in this model; explain a detection with the model that made it.");
    }
    return target instanceof Target.Asked
        ? Target.of(box.clip(image.width(), image.height()), target.classId())
        : target;
  }

  private static String corners(Box box) {
    return box.x1() + "," + box.y1() + "," + box.x2() + "," + box.y2();
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
    open.readLock().lock();
    try {
      requireOpen();
      return dreamer.dream(target, method, budget, listener, () -> closed);
    } finally {
      open.readLock().unlock();
    }
  }

  /**
   * Checks a target as {@link #dream(DreamTarget) dream} does, without the work.
   *
   * @param target a class, a channel or a neuron
   * @throws BadTarget where the class is none of the model's
   * @throws BadArgument where the layer, channel or neuron is none of the model's
   */
  public void check(DreamTarget target) {
    open.readLock().lock();
    try {
      requireOpen();
      dreamer.check(target);
    } finally {
      open.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new EngineFailure("This Whybox is closed.", null);
    }
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
      detections.close();
      cpuDetections.close();
      gradients.close();
      cpuGradients.close();
      gpu.close();
      engine.close();
    } finally {
      open.writeLock().unlock();
    }
  }
}
