// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException;
import dev.whybox.report.Report;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  private static final List<String> COMMANDS =
      List.of("detect", "explain", "inspect", "features", "activations", "dream", "doctor");

  @Test
  void helpGoesToStandardOutput() {
    for (List<String> words : List.of(List.of("--help"), List.<String>of())) {
      Run run = Run.of(words.toArray()).assertOk();
      assertTrue(run.out().contains("whybox explain street.jpg"), run.out());
      assertEquals("", run.err());
    }
  }

  @Test
  void oneHelpListsTheExitCodesAndTheOthersNameIt() {
    String all = Run.of("--help").assertOk().out();
    for (Map.Entry<String, String> exit : ExitCode.list().entrySet()) {
      assertTrue(all.contains(exit.getKey() + " "), exit + " in " + all);
      assertTrue(all.contains(exit.getValue()), exit + " in " + all);
    }
    for (String command : COMMANDS) {
      String help = Run.of(command, "--help").assertOk().out();
      assertTrue(help.contains("Exit codes: `whybox --help`"), help);
      assertFalse(help.contains(ExitCode.INTERNAL.name()), help);
      assertFalse(help.contains("an error in Whybox itself"), help);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 60, 80, 100, 250, 0})
  void helpFitsTheTerminal(int width) {
    int most = width == 0 ? 100 : Math.min(Math.max(width, 55), 100);
    for (String command : COMMANDS) {
      Run run = Run.onTerminal(width, command, "--help").assertOk();
      run.out().lines().forEach(row -> assertTrue(row.length() <= most, width + ": " + row));
    }
    Run run = Run.onTerminal(width, "--help").assertOk();
    run.out().lines().forEach(row -> assertTrue(row.length() <= most, width + ": " + row));
  }

  @Test
  void mistypedOptionsCommandsAndMethodsAreGuessed() {
    Run.of("explain", "x.jpg", "--methd", "shap").assertFails(ExitCode.USAGE, "mean --method?");
    Run.of("detect", "x.jpg", "--modl=m").assertFails(ExitCode.USAGE, "mean --model?");
    Run.of("explian", "x.jpg").assertFails(ExitCode.USAGE, "mean explain?");
    Run.of("explain", "x.jpg", "--method", "layercam")
        .assertFails(ExitCode.USAGE, "mean layer-cam?");
    assertFalse(Run.of("detect", "x.jpg", "--xyzzyx").err().contains("mean"));
  }

  @Test
  void helpSaysWhichMethodToTake() {
    String help = Run.of("explain", "--help").out();
    assertTrue(help.contains("Which one? shap"), help);
    assertTrue(Run.of("--help").out().contains("Which method? shap"));
  }

  @Test
  void explainNamesEveryOption() {
    String help = Run.of("explain", "-h").assertOk().out();
    for (String option :
        List.of(
            "model",
            "method",
            "target",
            "samples",
            "deadline",
            "seed",
            "segments",
            "baseline",
            "agreement",
            "conf",
            "iou",
            "threads",
            "batch",
            "size",
            "out",
            "format",
            "device",
            "half")) {
      assertTrue(help.contains("--" + option), option);
    }
  }

  @Test
  void doctorChecksItsArgumentsWithoutAGpuToo() {
    Run.of("doctor", "--gpu", "1").assertFails(ExitCode.USAGE, "--verify");
    Run.of("doctor", "--verify", "--gpu", "-1").assertFailsInOneLine(ExitCode.USAGE, "--gpu", "-1");
    Run.of("doctor", "--verify", "--explanations", "0")
        .assertFailsInOneLine(ExitCode.USAGE, "--explanations", "at least 1", "0");
    Run.of("doctor", "--verify", "--model", "none.onnx")
        .assertFailsInOneLine(ExitCode.MODEL, "none.onnx: no such file");
  }

  @Test
  void versionIsThatOfTheReports() {
    assertTrue(Run.of("--version").assertOk().out().startsWith("whybox " + Report.version()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "detect",
        "detect x.jpg --nope",
        "dettect x.jpg",
        "detect x.jpg --conf high",
        "detect x.jpg --device cuda:x",
        "explain x.jpg --deadline 5",
        "explain x.jpg --fallback box",
        "explain x.jpg --deadline 1s --fallback lime",
        "explain x.jpg --method box --samples 5",
        "explain x.jpg --deadline 1e3s",
        "explain x.jpg --target worst",
        "explain x.jpg --target 1,2,3,4",
        "explain x.jpg --target 1,2,3,x,cat",
        "explain x.jpg --format gif",
        "explain x.jpg --method guess",
        "explain x.jpg --baseline black",
        "explain x.jpg --agreement perfect",
        "explain x.jpg --segments hexagons",
        "explain x.jpg --segments grid:0x4",
        "explain x.jpg --method d-rise --segments grid:4x4",
        "explain x.jpg --estimator best",
        "explain x.jpg --method lime --estimator kernel",
        "explain x.jpg --method saliency --estimator kernel",
        "explain x.jpg --method d-rise --error 0.1",
        "explain x.jpg --error x",
        "explain x.jpg --layer model.15",
        "explain x.jpg --method saliency --layer model.15",
        "explain x.jpg --method saliency --baseline blur",
        "explain x.jpg --method grad-cam --segments grid:4x4",
        "explain x.jpg --method integrated-gradients --agreement d-rise",
        "explain x.jpg --method shap,shap",
        "explain x.jpg --method shap,guess",
        "explain x.jpg --method shap,,lime",
        "explain x.jpg --method lime,d-rise --error 0.1",
        "explain x.jpg --method lime,saliency --estimator gaussian",
        "explain x.jpg --samples many"
      })
  void wrongWordsAreSaidInTwoLines(String line) {
    Run run = Run.of((Object[]) line.split(" "));
    run.assertFails(ExitCode.USAGE, "whybox: ", "--help");
    assertTrue(run.err().lines().count() <= 3, run.err());
    assertTrue(run.err().startsWith("whybox: "), run.err());
    assertEquals("", run.out());
  }

  @Test
  void messagesNameWhatIsAllowedAndWhatWasFound() {
    Run.of("explain", "x.jpg", "--deadline", "5").assertFails(ExitCode.USAGE, "500ms", "found '5'");
    Run.of("explain", "x.jpg", "--segments", "hexagons").assertFails(ExitCode.USAGE, "slic");
    Run.of("detect", "x.jpg", "--device", "gpu").assertFails(ExitCode.USAGE, "auto, cpu, cuda");
    Run.of("explain", "x.jpg", "--samples", "0").assertFailsInOneLine(ExitCode.USAGE, "at least 1");
    Run.of("detect", "x.jpg", "--conf", "1.5").assertFailsInOneLine(ExitCode.USAGE, "1.5");
  }

  @Test
  void numbersAreSaidInPlainWords() {
    Run.of("explain", "x.jpg", "--samples", "1e3")
        .assertFails(ExitCode.USAGE, "must be a whole number", "'1e3'");
    Run.of("explain", "x.jpg", "--samples", "99999999999")
        .assertFails(ExitCode.USAGE, "not so large");
    Run.of("explain", "x.jpg", "--seed", "x").assertFails(ExitCode.USAGE, "a whole number");
    Run.of("detect", "x.jpg", "--conf", "high").assertFails(ExitCode.USAGE, "must be a number");
    Run.of("detect", "x.jpg", "--size", "-1")
        .assertFailsInOneLine(ExitCode.USAGE, "must be at least 0, but is -1");
  }

  @Test
  void threadsAreBoundedByTheMachine() {
    int most = Math.min(4 * Runtime.getRuntime().availableProcessors(), 256);
    Run.of("detect", "x.jpg", "--threads", most + 1)
        .assertFailsInOneLine(ExitCode.USAGE, "--threads must be 0 to " + most, "is " + (most + 1));
  }

  @Test
  void fileThatLooksLikeAnOptionIsHintedAt() {
    Run run = Run.of("detect", "-dash.jpg");
    run.assertFails(ExitCode.USAGE, "-dash.jpg", "-- -dash.jpg");
    assertEquals(3, run.err().lines().count(), run.err());
    Run.of("detect", "--", "-dash.jpg").assertFailsInOneLine(ExitCode.IMAGE, "-dash.jpg");
  }

  @Test
  void methodsInAnyCase() {
    Run.of("explain", "none.jpg", "--method", "D-Rise")
        .assertFailsInOneLine(ExitCode.IMAGE, "none.jpg");
  }

  @Test
  void mostSeriousFailureDecides() {
    List<ExitCode> gravestFirst =
        List.of(
            ExitCode.ENGINE,
            ExitCode.USAGE,
            ExitCode.IMAGE,
            ExitCode.TARGET,
            ExitCode.NOTHING,
            ExitCode.OK);
    for (int i = 0; i < gravestFirst.size(); i++) {
      for (int j = 0; j < gravestFirst.size(); j++) {
        assertEquals(gravestFirst.get(Math.min(i, j)), gravestFirst.get(i).or(gravestFirst.get(j)));
      }
    }
    for (ExitCode exit : ExitCode.values()) {
      assertEquals(exit.concernsOneImage(), gravestFirst.contains(exit), exit.toString());
    }
  }

  private static final Map<String, Integer> CODES =
      Map.ofEntries(
          Map.entry("BadArgument", 2),
          Map.entry("DeadlineTooShort", 2),
          Map.entry("NotDifferentiable", 2),
          Map.entry("UnreadableImage", 3),
          Map.entry("ImageTooLarge", 3),
          Map.entry("UnreadableModel", 4),
          Map.entry("ExternalData", 4),
          Map.entry("UnsupportedOpset", 4),
          Map.entry("UnsupportedGraph", 4),
          Map.entry("UnknownLayout", 4),
          Map.entry("NoDetection", 5),
          Map.entry("BadTarget", 6),
          Map.entry("UnwritableOutput", 7),
          Map.entry("EngineFailure", 8),
          Map.entry("MissingLibrary", 8),
          Map.entry("NonFiniteOutput", 8),
          Map.entry("DeviceUnavailable", 9));

  @Test
  void everyKindOfErrorHasAnExitCodeOfItsOwnKind() throws ReflectiveOperationException {
    assertEquals(CODES.size(), WhyboxException.class.getPermittedSubclasses().length);
    for (Class<?> kind : WhyboxException.class.getPermittedSubclasses()) {
      boolean withCause =
          Arrays.stream(kind.getConstructors()).allMatch(c -> c.getParameterCount() == 2);
      Object error =
          withCause
              ? kind.getConstructor(String.class, Throwable.class).newInstance("x", null)
              : kind.getConstructor(String.class).newInstance("x");
      assertEquals(
          CODES.get(kind.getSimpleName()),
          ExitCode.of((WhyboxException) error).code(),
          kind.toString());
    }
    assertEquals(130, ExitCode.INTERRUPTED.code());
  }
}
