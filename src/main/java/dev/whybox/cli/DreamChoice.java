// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.dream.DreamTarget;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that say what {@code whybox dream} is to excite. */
final class DreamChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--class",
      order = 1,
      paramLabel = "NAME",
      description = "A class of the model, by its name or number: anywhere, of any size.")
  private String className;

  @Option(
      names = "--layer",
      order = 2,
      paramLabel = "LAYER",
      description =
          "With --channel: a layer such as model.15, or a tensor that is a map; whybox inspect lists"
              + " them.")
  private String layer;

  @Option(
      names = "--channel",
      order = 3,
      paramLabel = "C",
      description = "A channel of the layer, from 0: the mean over all its cells.")
  private Integer channel;

  @Option(
      names = "--at",
      order = 4,
      paramLabel = "X,Y",
      converter = CellConverter.class,
      description =
          "One cell of the channel: column and row of the layer's map, from 0 at the upper left.")
  private Cell at;

  /** A cell of a map. */
  record Cell(int column, int row) {}

  /** Makes sure that the options name one target, and fields for a class alone. */
  void check(boolean fields) {
    if (className != null && (layer != null || channel != null || at != null)) {
      throw wrong(
          "--class is a target of its own, without --layer, --channel and --at. Leave one of the two out.");
    }
    if (className == null && (layer == null || channel == null)) {
      throw wrong(
          "Name what to excite: --class NAME, or --layer LAYER --channel C, which --at X,Y narrows"
              + " to one cell.");
    }
    if (fields && className == null) {
      throw wrong("--fields is for --class; a channel is raised everywhere. Leave it out.");
    }
  }

  /** The target. */
  DreamTarget among(List<String> classNames) {
    if (className != null) {
      return new DreamTarget.OfClass(ClassChoice.number(className, classNames));
    }
    return at == null
        ? new DreamTarget.OfChannel(layer, channel)
        : new DreamTarget.OfNeuron(layer, channel, at.row(), at.column());
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** From {@code x,y}. */
  static final class CellConverter implements ITypeConverter<Cell> {
    private static final Pattern FORM = Pattern.compile("\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*");

    @Override
    public Cell convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "a cell is X,Y: two whole numbers from 0, such as 10,4; found '" + text + "'");
      }
      return new Cell(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }
  }
}
