// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.dream.DreamTarget;
import dev.whybox.error.WhyboxException.NoDetection;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that name the target of {@code whybox dream}. */
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
          "With --channel: a layer such as model.15, or the name of a tensor that is a map."
              + " whybox inspect lists them.")
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
          "A single cell of the channel: column and row of the layer's map, from 0 at the upper"
              + " left.")
  private Cell at;

  @Option(
      names = "--image",
      order = 5,
      paramLabel = "IMAGE",
      description =
          "With --target: the image whose detection gives the box and the class. The picture"
              + " shows nothing of this image.")
  private Path image;

  @Option(
      names = {"-t", "--target"},
      order = 6,
      paramLabel = "TARGET",
      converter = TargetChoice.Converter.class,
      description =
          "A whole detection, its class and its box: best, a number from the table of whybox"
              + " detect, or x1,y1,x2,y2,class in pixels of --image.")
  private TargetChoice detection;

  /** A cell of a map. */
  record Cell(int column, int row) {}

  /** Checks that the options name exactly one target, and that --fields comes with a class only. */
  void check(boolean fields) {
    boolean layers = layer != null || channel != null || at != null;
    boolean found = image != null || detection != null;
    int kinds = (className == null ? 0 : 1) + (layers ? 1 : 0) + (found ? 1 : 0);
    if (kinds > 1) {
      throw wrong(
          "--class, --layer with --channel, and --image with --target name three kinds of"
              + " target. Choose one.");
    }
    boolean half = layers && (layer == null || channel == null);
    half |= found && (image == null || detection == null);
    if (kinds == 0 || half) {
      throw wrong(
          "Name what to excite: --class NAME, or --layer LAYER --channel C (with --at X,Y for a"
              + " single cell), or --image IMAGE --target TARGET.");
    }
    if (detection instanceof TargetChoice.All) {
      throw wrong(
          "--target all names many targets, but a picture has one. Choose best or a" + " number.");
    }
    if (fields && className == null) {
      throw wrong("--fields is for --class; other targets have a fixed place. Leave it out.");
    }
  }

  /** The target that the options name. */
  DreamTarget of(Whybox whybox, float confidence) {
    List<String> names = whybox.model().names();
    if (className != null) {
      return new DreamTarget.OfClass(ClassChoice.number(className, names));
    }
    if (detection != null) {
      return found(whybox, Image.read(image), confidence);
    }
    return at == null
        ? new DreamTarget.OfChannel(layer, channel)
        : new DreamTarget.OfNeuron(layer, channel, at.row(), at.column());
  }

  private DreamTarget found(Whybox whybox, Image picture, float confidence) {
    List<Detection> detections = whybox.detect(picture);
    if (detections.isEmpty() && detection.needsDetections()) {
      throw new NoDetection(
          picture.name()
              + ": nothing found above --conf "
              + confidence
              + ", so there is no box to draw. Try a lower --conf, or name x1,y1,x2,y2,class.");
    }
    List<Target> chosen = detection.among(detections, whybox.model().names());
    whybox.check(picture, chosen);
    Target target = chosen.get(0);
    ModelInfo info = whybox.model();
    Letterbox letterbox = info.letterbox(picture);
    Box inside = target.box().clip(picture.width(), picture.height());
    Box box = letterbox.toInput(inside).clip(info.inputWidth(), info.inputHeight());
    return new DreamTarget.OfBox(box, target.classId());
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Reads {@code x,y}. */
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
