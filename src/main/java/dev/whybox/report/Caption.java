// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What is written beside a picture, in words. */
public final class Caption {
  /** The estimator that says which one it took. */
  private static final String AUTO = "auto";

  private Caption() {}

  /** Such as {@code person 0.91}; a box that the user asks about has a question mark. */
  public static String title(Explanation explanation) {
    String name = className(explanation.className(), explanation.target().classId());
    if (explanation.target() instanceof Target.Found found) {
      return name + " " + score(found.detection().score());
    }
    double score = explanation.fullScore();
    return Double.isNaN(score) ? name + "?" : name + "? " + score(score);
  }

  /** The class's name, or its number where the font has no sign of the name. */
  public static String className(String name, int classId) {
    String drawable = PlainText.of(name).strip();
    return drawable.replace("?", "").isBlank() ? "class " + classId : drawable;
  }

  /** What the score is and what it would be without the picture. */
  public static String scores(Explanation explanation) {
    if (Double.isNaN(explanation.fullScore())) {
      return "score not known";
    }
    String full = String.format(Locale.ROOT, "score %.3f", explanation.fullScore());
    return Double.isNaN(explanation.baselineScore())
        ? full
        : full
            + String.format(Locale.ROOT, " → %.3f", explanation.baselineScore())
            + " when all is absent";
  }

  /** The doubts as sentences for a picture, in signs that the font has. */
  public static List<String> doubts(Explanation explanation) {
    return Caveats.of(explanation).stream()
        .map(doubt -> doubt.substring(0, 1).toUpperCase(Locale.ROOT) + doubt.substring(1))
        .map(doubt -> doubt.replace('×', 'x'))
        .toList();
  }

  /** Everything that is needed to make the map again, and how good it is. */
  public static String method(Explanation explanation) {
    return method(List.of(explanation));
  }

  /** The same of several targets explained at once, with the range of what differs. */
  public static String method(List<Explanation> explanations) {
    Explanation explanation = explanations.get(0);
    Method method = explanation.method();
    StringBuilder line = new StringBuilder(method.name());
    for (Map.Entry<String, Object> parameter : method.parameters().entrySet()) {
      String words = parameter(parameter.getKey(), parameter.getValue());
      if (!words.isEmpty()) {
        line.append(" · ").append(words);
      }
    }
    Optional<Estimation> how = explanation.estimation();
    if (how.isPresent() && AUTO.equals(method.parameters().get("estimator"))) {
      line.append(" · ").append(how.get().estimator());
    }
    EngineInfo engine = explanation.engine();
    line.append(" · ")
        .append(
            explanation.predicted()
                ? how.orElseThrow().reason()
                : method.effort(explanation.samples()));
    line.append(stopped(explanation.stop()));
    line.append(range("error", explanations, Caption::error));
    line.append(range("R2", explanations, why -> why.fit().orElse(Double.NaN)));
    line.append(range("gap", explanations, why -> why.completenessGap().orElse(Double.NaN)));
    line.append(" · ").append(seconds(explanation.elapsed().toNanos() / 1e9));
    line.append(" · seed ").append(explanation.seed());
    line.append(" · ").append(engine.name());
    return line.append(' ')
        .append(engine.device())
        .append(' ')
        .append(engine.precision())
        .toString();
  }

  /** The relative error; NaN where it is 0 or not known. */
  private static double error(Explanation explanation) {
    return explanation.attribution() instanceof SegmentValues found && found.relativeError() > 0
        ? found.relativeError()
        : Double.NaN;
  }

  /** From the least to the greatest, NaN left out; empty where there is no other. */
  private static String range(
      String name, List<Explanation> explanations, ToDoubleFunction<Explanation> figure) {
    double[] known =
        explanations.stream().mapToDouble(figure).filter(v -> !Double.isNaN(v)).sorted().toArray();
    if (known.length == 0) {
      return "";
    }
    String low = number(known[0]);
    String high = number(known[known.length - 1]);
    return " · " + name + " " + (low.equals(high) ? low : low + " to " + high);
  }

  private static String parameter(String name, Object value) {
    return switch (name) {
      case "segments", "baseline" -> value.toString();
      case "agreement" ->
          TargetSimilarity.PROBABILITY.label().equals(value) ? "" : "agreement " + value;
      case "estimator" -> AUTO.equals(value) ? "" : value.toString();
      case "kernelWidth" -> "kernel " + value;
      default -> name + " " + value;
    };
  }

  public static String stopped(Explanation.Stop stop) {
    return switch (stop) {
      case SAMPLES, ACCURACY -> "";
      case RUNNING -> " so far";
      case DEADLINE -> " (partial: deadline reached)";
      case CANCELLED -> " (partial: cancelled)";
    };
  }

  public static String score(double score) {
    return String.format(Locale.ROOT, "%.2f", score);
  }

  /** Two or three significant digits; a power of ten where the number would be long. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size < 0.001 || size >= 1000) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    int decimals = size < 0.01 ? 4 : size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String seconds(double seconds) {
    return seconds < 1
        ? Math.round(seconds * 1000) + " ms"
        : String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
