// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Approach;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Method;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import dev.whybox.explain.MethodSettings;
import dev.whybox.explain.MethodTable;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.TargetSimilarity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The options that say how to explain. Everything they say about methods comes from the table of
 * methods.
 */
final class MethodOptions {
  /** The largest number of names in a list; further names are only counted. */
  private static final int MOST_NAMES = 6;

  private final MethodTable table;

  /**
   * Options for the methods of a table.
   *
   * @param table the methods that the user can name
   */
  MethodOptions(MethodTable table) {
    this.table = table;
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--method",
      order = 11,
      paramLabel = "NAME",
      split = ",",
      description = "How the map is made.")
  private List<String> names;

  @Option(
      names = "--samples",
      order = 12,
      paramLabel = "N",
      description = "Perturbed images, or passes, at most.")
  private Integer samples;

  @Option(
      names = "--deadline",
      order = 13,
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Answer within this time, such as 500ms, 2s or 1m, with the best map so far. The time"
              + " counts from when the image and the model are loaded. A time too short for one"
              + " sample is an error, unless there is a --fallback.")
  private Duration deadline;

  @Option(
      names = "--fallback",
      order = 13,
      paramLabel = "NAME",
      description =
          "The method that answers if the deadline leaves shap, lime or d-rise no time for a"
              + " sample: box (the box's centre, at no cost), or a method that looks inside,"
              + " such as layer-cam, which answers late by the time of its passes.")
  private String fallback;

  @Option(
      names = "--estimator",
      order = 12,
      paramLabel = "NAME",
      converter = EstimatorConverter.class,
      description = "How Shapley values are estimated.")
  private ShapleyEstimatorKind estimator;

  @Option(
      names = "--error",
      order = 13,
      paramLabel = "E",
      description =
          "For shap: stop when the relative standard error of the values is at most this, such"
              + " as 0.05.")
  private Double error;

  @Mixin private SeedOption seed;

  @Option(
      names = "--segments",
      order = 15,
      paramLabel = "KIND",
      converter = SegmentsConverter.class,
      description = "The segments that are hidden and shown.")
  private Segmentation segments;

  @Option(
      names = "--baseline",
      order = 16,
      paramLabel = "KIND",
      converter = BaselineConverter.class,
      description =
          "How absent pixels look: blur, mean, gray, noise or inpaint. Default: blur, but mean"
              + " for d-rise.")
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
  private TargetSimilarity similarity;

  @Option(
      names = "--layer",
      order = 18,
      paramLabel = "NAME",
      split = ",",
      description =
          "The layers that the CAM methods read: tensors, or layers such as model.15. Default:"
              + " the layers that the model's heads read.")
  private List<String> layers;

  /**
   * Completes the help with the table of methods.
   *
   * @param command the command that has these options
   * @param table the methods
   */
  static void describe(CommandSpec command, MethodTable table) {
    List<String> methods = new ArrayList<>();
    methods.add(
        "How the map is made. Several methods, such as shap,lime, write one set of files each."
            + " Which one? shap for figures with error bars, layer-cam for a quick look, d-rise for a"
            + " smooth map."
            + " lime after shap needs no samples of its own: it is predicted from those of shap."
            + " Default: "
            + table.standard().name()
            + ".");
    int width = table.kinds().stream().mapToInt(kind -> kind.name().length()).max().orElseThrow();
    for (Approach approach : Approach.values()) {
      List<MethodKind> kinds = table.of(approach);
      if (!kinds.isEmpty()) {
        methods.add(approach.heading());
      }
      kinds.forEach(
          kind -> methods.add(("  %-" + width + "s  %s").formatted(kind.name(), kind.help())));
    }
    describe(command, "--method", methods);
    describe(
        command,
        MethodOption.SAMPLES.flag(),
        List.of(
            "Perturbed images, or passes, at most. Default: %s; passes: %s."
                .formatted(
                    defaults(table, Approach.BLACK_BOX), defaults(table, Approach.WHITE_BOX))));
    describe(
        command,
        MethodOption.SEGMENTS.flag(),
        List.of(
            "The segments that "
                + users(table, MethodOption.SEGMENTS)
                + " hide and show: grid:ROWSxCOLUMNS, slic:COUNT (superpixels), or a PNG in"
                + " which every colour is a segment. Default: slic:100."));
    describe(
        command,
        MethodOption.ESTIMATOR.flag(),
        List.of(
            "How "
                + users(table, MethodOption.ESTIMATOR)
                + " estimates the values of more than 12 segments: "
                + Arrays.stream(ShapleyEstimatorKind.values())
                    .map(ShapleyEstimatorKind::label)
                    .collect(Collectors.joining(", "))
                + ". gaussian needs the fewest passes; it goes on to 512 while errors are large."
                + " auto is gaussian; samples beyond 512 correct its values. refine goes from"
                + " coarse to fine on a grid, such as grid:16x16, and divides only blocks that"
                + " matter. The others take 1000 samples. Default: auto."));
  }

  private static void describe(CommandSpec command, String name, List<String> lines) {
    OptionSpec option = command.findOption(name);
    command.remove(option);
    command.addOption(OptionSpec.builder(option).description(lines.toArray(String[]::new)).build());
  }

  /**
   * The default numbers of samples, such as {@code lime 1000, d-rise 5000}. Methods with a single
   * sample are left out.
   */
  private static String defaults(MethodTable table, Approach approach) {
    return table.of(approach).stream()
        .map(kind -> kind.make(MethodSettings.NONE))
        .filter(method -> method.defaultSamples() > 1)
        .map(method -> method.name() + " " + method.defaultSamples())
        .collect(Collectors.joining(", "));
  }

  private static String users(MethodTable table, MethodOption option) {
    List<String> names = table.using(option).stream().map(MethodKind::name).toList();
    int shown = names.size() > MOST_NAMES ? MOST_NAMES - 1 : names.size();
    List<String> words = new ArrayList<>(names.subList(0, shown));
    if (shown < names.size()) {
      words.add((names.size() - shown) + " others");
    }
    String last = words.remove(words.size() - 1);
    return words.isEmpty() ? last : String.join(", ", words) + " and " + last;
  }

  /** The methods, in the order of the option. */
  List<Method> methods() {
    List<MethodKind> kinds =
        names == null ? List.of(table.standard()) : names.stream().map(this::kind).toList();
    Set<String> seen = new HashSet<>();
    for (MethodKind one : kinds) {
      if (!seen.add(one.name())) {
        throw wrong("--method names " + one.name() + " twice. Name each method once.");
      }
    }
    for (MethodOption option : MethodOption.values()) {
      refuse(option, kinds);
    }
    MethodSettings settings = settings();
    return kinds.stream().map(kind -> kind.make(settings)).toList();
  }

  private MethodKind kind(String word) {
    return table
        .find(word)
        .orElseThrow(
            () ->
                wrong(
                    "--method is "
                        + table.names()
                        + ", or several with commas between; found '"
                        + word
                        + "'."
                        + Nearest.of(word, table.kinds().stream().map(MethodKind::name).toList())
                            .stream()
                            .findFirst()
                            .map(" Did you mean %s?"::formatted)
                            .orElse("")));
  }

  private MethodSettings settings() {
    return new MethodSettings(
        Optional.ofNullable(segments),
        Optional.ofNullable(baseline),
        Optional.of(similarity),
        Optional.ofNullable(estimator).map(ShapleyEstimatorKind::label),
        layers == null ? List.of() : layers);
  }

  /** The method that --fallback names; null for none. */
  private Method fallback() {
    if (fallback == null) {
      return null;
    }
    if (deadline == null) {
      throw wrong("--fallback is for a --deadline that is too short. Give a --deadline, too.");
    }
    MethodSettings settings =
        new MethodSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            settings().layers());
    return fallbackKind()
        .map(kind -> kind.make(settings))
        .orElseThrow(
            () ->
                wrong(
                    "--fallback is "
                        + table.kinds().stream()
                            .filter(MethodOptions::canFallBack)
                            .map(MethodKind::name)
                            .collect(Collectors.joining(", "))
                        + "; found '"
                        + fallback
                        + "'."));
  }

  private Optional<MethodKind> fallbackKind() {
    return fallback == null
        ? Optional.empty()
        : table.find(fallback).filter(MethodOptions::canFallBack);
  }

  private static boolean canFallBack(MethodKind kind) {
    return kind.approach() != Approach.BLACK_BOX;
  }

  /** Throws if an option is given that neither the methods nor the fallback use. */
  private void refuse(MethodOption option, List<MethodKind> kinds) {
    boolean given = command.commandLine().getParseResult().hasMatchedOption(option.flag());
    boolean used =
        kinds.stream().anyMatch(kind -> kind.uses(option))
            || option == MethodOption.LAYER
                && fallbackKind().filter(kind -> kind.uses(option)).isPresent();
    if (given && !used) {
      throw wrong(
          option.flag()
              + " is for "
              + users(table, option)
              + "; "
              + kinds.stream().map(MethodKind::name).collect(Collectors.joining(" and "))
              + (kinds.size() == 1 ? " has" : " have")
              + " no use for it. Leave it out.");
    }
  }

  Budget budget() {
    Budget budget = Budget.DEFAULT.withSeed(seed.value());
    budget = samples == null ? budget : budget.withSamples(samples);
    budget = error == null ? budget : budget.withError(error);
    budget = budget.withFallback(fallback());
    return deadline == null ? budget : budget.withDeadline(deadline);
  }

  /** The command line that these options belong to. */
  CommandLine commandLine() {
    return command.commandLine();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Reads a baseline's label. */
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

  /** Reads an estimator's label. */
  static final class EstimatorConverter implements ITypeConverter<ShapleyEstimatorKind> {
    @Override
    public ShapleyEstimatorKind convert(String text) {
      try {
        return ShapleyEstimatorKind.parse(text);
      } catch (BadArgument e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads a similarity's label. */
  static final class AgreementConverter implements ITypeConverter<TargetSimilarity> {
    @Override
    public TargetSimilarity convert(String text) {
      for (TargetSimilarity similarity : TargetSimilarity.values()) {
        if (similarity.label().equalsIgnoreCase(text)) {
          return similarity;
        }
      }
      throw new TypeConversionException(
          "an agreement is iou-probability or d-rise; found '" + text + "'");
    }
  }
}
