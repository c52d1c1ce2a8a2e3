// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.blackbox.Approximation;
import dev.whybox.blackbox.BlackBox;
import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.BoxPrior;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Method;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.Segmentation;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.LayerMethod;
import dev.whybox.whitebox.WhiteBox;
import dev.whybox.yolo.Agreement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that say how to explain. */
final class MethodOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--method",
      order = 11,
      paramLabel = "NAME",
      split = ",",
      defaultValue = "shap",
      description = {
        "How the map is made; several, such as shap,lime, give files each. lime after shap costs no"
            + " samples: it is predicted from shap's. Default: ${DEFAULT-VALUE}.",
        "  shap    Shapley values of segments; they sum to the score's fall",
        "  lime    weights of a local linear model of segments",
        "  d-rise  smooth map from random masks, without sign",
        "Looking inside the model, in one or a few passes:",
        "  grad-cam, grad-cam++, hires-cam, layer-cam, x-grad-cam, eigen-cam: a layer's activations",
        "  saliency, smooth-grad, guided-backprop: size of the gradient at every pixel",
        "  input-x-gradient, integrated-gradients: signed",
        "Without the model:",
        "  box     the box's centre, to compare with"
      })
  private List<String> names;

  @Option(
      names = "--samples",
      order = 12,
      paramLabel = "N",
      description =
          "Perturbed images at most. Default: shap 256, and up to 512 while errors are large; with"
              + " --deadline or another --estimator than auto or gaussian 1000; lime 1000, d-rise 5000. Passes for"
              + " smooth-grad (25) and integrated-gradients (257).")
  private Integer samples;

  @Option(
      names = "--deadline",
      order = 13,
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Answer within this time, such as 500ms, 2s or 1m, with the best map so far; counted from"
              + " when the image and the model are loaded. Too short for one sample is an error, unless"
              + " there is a --fallback.")
  private Duration deadline;

  @Option(
      names = "--fallback",
      order = 13,
      paramLabel = "NAME",
      description =
          "What answers where the deadline leaves shap, lime or d-rise no time for a sample: box (the"
              + " box's centre, at no cost), or a method that looks inside, such as layer-cam, which"
              + " comes late by its passes.")
  private String fallback;

  @Option(
      names = "--estimator",
      order = 12,
      paramLabel = "NAME",
      converter = ApproximationConverter.class,
      description =
          "How shap estimates the values of more than 12 segments: gaussian (fewest passes, at most"
              + " 512), leverage, kernel, permutation, or auto: gaussian, which samples"
              + " beyond 512 correct. refine goes from coarse to"
              + " fine on a grid, such as grid:16x16: only blocks that matter are cut. Default:"
              + " auto.")
  private Approximation estimator;

  @Option(
      names = "--error",
      order = 13,
      paramLabel = "E",
      description =
          "For shap: stop when the standard errors, as a whole, are at most this part of the values,"
              + " such as 0.05.")
  private Double error;

  @Option(
      names = "--seed",
      order = 14,
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed gives the same map. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--segments",
      order = 15,
      paramLabel = "KIND",
      converter = SegmentsConverter.class,
      description =
          "What shap and lime switch on and off: grid:ROWSxCOLUMNS, slic:COUNT (superpixels), or a"
              + " PNG in which every colour is a segment. Default: slic:100.")
  private Segmentation segments;

  @Option(
      names = "--baseline",
      order = 16,
      paramLabel = "KIND",
      converter = BaselineConverter.class,
      description =
          "What absent looks like: blur, mean, gray, noise or inpaint. Default: blur, but mean for"
              + " d-rise.")
  private Baseline baseline;

  @Option(
      names = "--agreement",
      order = 17,
      paramLabel = "KIND",
      defaultValue = "iou-probability",
      converter = AgreementConverter.class,
      description =
          "How a perturbed image is scored: iou-probability, or d-rise as in its paper. Default:"
              + " ${DEFAULT-VALUE}.")
  private Agreement agreement;

  @Option(
      names = "--layer",
      order = 18,
      paramLabel = "NAME",
      split = ",",
      description =
          "Where the CAM methods look: tensors, or layers such as model.15. Default: what the"
              + " model's heads read.")
  private List<String> layers;

  /** The methods, in the order they were named. */
  List<Method> methods() {
    List<Method> methods = names.stream().map(this::method).toList();
    Set<String> seen = new HashSet<>();
    for (Method one : methods) {
      if (!seen.add(one.name())) {
        throw wrong("--method names " + one.name() + " twice. Name each method once.");
      }
    }
    refuse("--estimator", "shap", methods, one -> one instanceof Shap);
    refuse("--error", "shap", methods, one -> one instanceof Shap);
    refuse(
        "--segments", "shap and lime", methods, one -> one instanceof Shap || one instanceof Lime);
    refuse("--agreement", "shap, lime and d-rise", methods, one -> one instanceof BlackBox);
    refuse(
        "--baseline",
        "shap, lime, d-rise and integrated-gradients",
        methods,
        one -> one instanceof BlackBox || one instanceof IntegratedGradients);
    refuse(
        "--layer", "the CAM methods, such as grad-cam", methods, one -> one instanceof LayerMethod);
    for (String option : List.of("--samples", "--deadline")) {
      refuse(option, "methods that ask the model", methods, one -> !(one instanceof BoxPrior));
    }
    return methods;
  }

  private Method method(String word) {
    String name = word.strip().toLowerCase(Locale.ROOT);
    WhiteBox white = WhiteBoxes.of(name);
    if (white instanceof LayerMethod cam) {
      return layers == null ? cam : cam.withLayers(layers);
    }
    if (white != null) {
      boolean path = white instanceof IntegratedGradients && baseline != null;
      return path ? new IntegratedGradients(baseline) : white;
    }
    if (new BoxPrior().name().equals(name)) {
      return new BoxPrior();
    }
    BlackBox chosen =
        switch (name) {
          case "shap" -> shap();
          case "lime" -> segments == null ? new Lime() : new Lime().withSegmentation(segments);
          case "d-rise" -> new DRise();
          default ->
              throw wrong(
                  "--method is shap, lime, d-rise, box, "
                      + WhiteBoxes.names()
                      + ", or several with commas between; found '"
                      + word
                      + "'.");
        };
    chosen = baseline == null ? chosen : chosen.withBaseline(baseline);
    return chosen.withAgreement(agreement);
  }

  private Shap shap() {
    Shap shap = segments == null ? new Shap() : new Shap().withSegmentation(segments);
    return estimator == null ? shap : shap.withApproximation(estimator);
  }

  /** What the fallback's name means; null for none. */
  private Method fallback() {
    if (fallback == null) {
      return null;
    }
    if (deadline == null) {
      throw wrong("--fallback is for when a --deadline is too short. Give a deadline too.");
    }
    if (new BoxPrior().name().equalsIgnoreCase(fallback)) {
      return new BoxPrior();
    }
    WhiteBox white = WhiteBoxes.of(fallback.toLowerCase(Locale.ROOT));
    if (white == null) {
      throw wrong("--fallback is box, " + WhiteBoxes.names() + "; found '" + fallback + "'.");
    }
    if (white instanceof LayerMethod cam && layers != null) {
      return cam.withLayers(layers);
    }
    return white;
  }

  /** Throws where an option is given that none of the methods has a use for. */
  private void refuse(String option, String users, List<Method> methods, Predicate<Method> uses) {
    if (methods.stream().noneMatch(uses)
        && command.commandLine().getParseResult().hasMatchedOption(option)) {
      throw wrong(
          option
              + " is for "
              + users
              + "; "
              + methods.stream().map(Method::name).collect(Collectors.joining(" and "))
              + (methods.size() == 1 ? " has" : " have")
              + " no use for it. Leave it out.");
    }
  }

  Budget budget() {
    Budget budget = Budget.DEFAULT.withSeed(seed);
    budget = samples == null ? budget : budget.withSamples(samples);
    budget = error == null ? budget : budget.withError(error);
    budget = budget.withFallback(fallback());
    return deadline == null ? budget : budget.withDeadline(deadline);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** From a baseline's label. */
  static final class BaselineConverter implements ITypeConverter<Baseline> {
    @Override
    public Baseline convert(String text) {
      try {
        return Baseline.parse(text);
      } catch (BadArgument e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** From an estimator's label. */
  static final class ApproximationConverter implements ITypeConverter<Approximation> {
    @Override
    public Approximation convert(String text) {
      try {
        return Approximation.parse(text);
      } catch (BadArgument e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** From an agreement's label. */
  static final class AgreementConverter implements ITypeConverter<Agreement> {
    @Override
    public Agreement convert(String text) {
      for (Agreement agreement : Agreement.values()) {
        if (agreement.label().equalsIgnoreCase(text)) {
          return agreement;
        }
      }
      throw new TypeConversionException(
          "an agreement is iou-probability or d-rise; found '" + text + "'");
    }
  }
}
