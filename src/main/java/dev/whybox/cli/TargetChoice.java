// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.image.Box;
import dev.whybox.image.Region;
import dev.whybox.image.RotatedBox;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A choice of targets by the option {@code --target}. */
sealed interface TargetChoice {

  /** The chosen targets: some of the detections, or a box of the user. */
  List<Target> among(List<Detection> detections, List<String> classNames);

  /** Whether the choice refers to detections, so that there must be some. */
  default boolean needsDetections() {
    return true;
  }

  /** Every detection. */
  record All() implements TargetChoice {
    @Override
    public List<Target> among(List<Detection> detections, List<String> classNames) {
      return detections.stream().map(Target::of).toList();
    }
  }

  /** The detection with the highest score. */
  record Best() implements TargetChoice {
    @Override
    public List<Target> among(List<Detection> detections, List<String> classNames) {
      return List.of(Target.of(detections.get(0)));
    }
  }

  /** A detection by its number in the table. */
  record Numbered(int number) implements TargetChoice {
    @Override
    public List<Target> among(List<Detection> detections, List<String> classNames) {
      if (number >= detections.size()) {
        throw new BadTarget(
            "There is no detection %d: the table's numbers go from 0 to %d. A lower --conf finds more."
                .formatted(number, detections.size() - 1));
      }
      return List.of(Target.of(detections.get(number)));
    }
  }

  /** A region and a class of the user, whether or not the detector found them. */
  record Asked(Region region, String className) implements TargetChoice {
    @Override
    public List<Target> among(List<Detection> detections, List<String> classNames) {
      return List.of(Target.of(region, ClassChoice.number(className, classNames)));
    }

    @Override
    public boolean needsDetections() {
      return false;
    }
  }

  /** A class of a classifier. */
  record OfClass(String className) implements TargetChoice {
    @Override
    public List<Target> among(List<Detection> detections, List<String> classNames) {
      return List.of(
          Target.of(detections.get(0).region(), ClassChoice.number(className, classNames)));
    }
  }

  /** Reads the option's text. */
  final class Converter implements ITypeConverter<TargetChoice> {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    @Override
    public TargetChoice convert(String text) {
      if (text.equalsIgnoreCase("all")) {
        return new All();
      }
      if (text.equalsIgnoreCase("best")) {
        return new Best();
      }
      if (NUMBER.matcher(text).matches()) {
        return new Numbered(Integer.parseInt(text));
      }
      String[] parts = text.split(",", 5);
      try {
        String[] turned = text.split(",", 6);
        if (turned.length == 6 && isNumber(turned[4]) && !turned[5].isBlank()) {
          return new Asked(
              new RotatedBox(
                  edge(turned[0]),
                  edge(turned[1]),
                  edge(turned[2]),
                  edge(turned[3]),
                  edge(turned[4])),
              turned[5].strip());
        }
        if (parts.length == 5 && !parts[4].isBlank()) {
          return new Asked(
              new Box(edge(parts[0]), edge(parts[1]), edge(parts[2]), edge(parts[3])),
              parts[4].strip());
        }
      } catch (NumberFormatException e) {
        throw wrong(text);
      }
      throw wrong(text);
    }

    private static boolean isNumber(String text) {
      return text.strip().matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    }

    private static float edge(String text) {
      float edge = Float.parseFloat(text.strip());
      if (!Float.isFinite(edge)) {
        throw new NumberFormatException(text);
      }
      return edge;
    }

    private static TypeConversionException wrong(String text) {
      return new TypeConversionException(
          "a target is all, best, a number from the table, or \"x1,y1,x2,y2,class\" in pixels, or"
              + " \"x,y,width,height,angle,class\" for a rotated box; found '"
              + text
              + "'");
    }
  }
}
