// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.image.Keypoints;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The texts in and below pictures. */
public final class Caption {
  /** The estimator's name that leaves the choice to Whybox; captions then name the choice too. */
  private static final String AUTO = "auto";

  private Caption() {}

  /**
   * The title of a target. A box that the user asked about has a question mark.
   *
   * @param explanation the target's explanation
   * @return such as {@code person 0.91} or {@code person? 0.12}
   */
  public static String title(Explanation explanation) {
    String name = className(explanation.className(), explanation.target().classId());
    boolean keypoint =
        explanation.target().region() instanceof Keypoints body && body.chosen() >= 0;
    if (explanation.target() instanceof Target.Found found && !keypoint) {
      return name + " " + score(found.detection().score());
    }
    String mark = keypoint ? "" : "?";
    double score = explanation.fullScore();
    return Double.isNaN(score) ? name + mark : name + mark + " " + score(score);
  }

  /**
   * The name of a class, in characters that pictures can show.
   *
   * @param name the name in the model's metadata
   * @param classId the class's number, from 0
   * @return the name, or such as {@code class 3} if a character of it cannot be shown: a name with
   *     holes says nothing, or something else
   */
  public static String className(String name, int classId) {
    String drawable = PlainText.of(name).strip();
    return drawable.isBlank() || PlainText.loses(name) ? "class " + classId : drawable;
  }

  /**
   * The target's score, and its score when every segment is absent.
   *
   * @param explanation the target's explanation
   * @return such as {@code score 0.912 → 0.034 when all is absent}
   */
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

  /**
   * The caveats as sentences for a picture, in characters that its font has.
   *
   * @param explanation the explanation
   * @return one sentence per caveat, without a full stop; may be empty
   */
  public static List<String> caveats(Explanation explanation) {
    return Caveats.of(explanation).stream()
        .map(caveat -> caveat.substring(0, 1).toUpperCase(Locale.ROOT) + caveat.substring(1))
        .map(caveat -> caveat.replace('×', 'x'))
        .toList();
  }

  /**
   * The line below a picture: everything that is needed to make the map again, and its quality. No
   * run time is in it, so equal runs make equal pictures.
   *
   * @param explanation the explanation
   * @return parts with dots between them
   */
  public static String method(Explanation explanation) {
    return method(List.of(explanation));
  }

  /**
   * The line below a sheet of several targets explained together. Numbers that differ between
   * targets are given as a range.
   *
   * @param explanations at least one, all of the same image and method
   * @return parts with dots between them
   */
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
    line.append(" · seed ").append(explanation.seed());
    line.append(" · ").append(engine.name());
    return line.append(' ')
        .append(engine.device())
        .append(' ')
        .append(engine.precision())
        .toString();
  }

  /** The relative standard error; NaN if it is 0 or not known. */
  private static double error(Explanation explanation) {
    return explanation.attribution() instanceof SegmentValues found && found.relativeError() > 0
        ? found.relativeError()
        : Double.NaN;
  }

  /** The range of a number over the explanations, without NaN; empty if all are NaN. */
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

  /**
   * The remark on a run that did not draw all its samples.
   *
   * @param stop the reason for the end of the run
   * @return a text that begins with a space, or an empty text
   */
  public static String stopped(Explanation.Stop stop) {
    return switch (stop) {
      case SAMPLES, ACCURACY -> "";
      case RUNNING -> " so far";
      case DEADLINE -> " (partial: deadline reached)";
      case CANCELLED -> " (partial: cancelled)";
    };
  }

  /**
   * A score with two decimals.
   *
   * @param score in [0,1]
   * @return such as {@code 0.91}
   */
  public static String score(double score) {
    return String.format(Locale.ROOT, "%.2f", score);
  }

  /**
   * A number with two or three significant digits; very small and very large ones as a power of
   * ten.
   *
   * @param value any finite number
   * @return such as {@code 0.123} or {@code 4.5e-05}
   */
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
}
