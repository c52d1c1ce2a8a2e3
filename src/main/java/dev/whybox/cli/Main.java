// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Methods;
import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.DeviceUnavailable;
import dev.whybox.explain.MethodTable;
import dev.whybox.report.Report;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of the command line. */
@Command(
    name = "whybox",
    description = "Why this box? Explains the detections of a YOLOv8 model in ONNX format.",
    synopsisSubcommandLabel =
        "(detect | explain | inspect | features | activations | dream | doctor)",
    versionProvider = Main.Version.class,
    footer = {
      "%nTry it with the model that comes with Whybox:",
      "  whybox explain models/samples/hill.jpg",
      "",
      "With your own model:",
      "  whybox detect  street.jpg --model yolov8n.onnx",
      "  whybox explain street.jpg --model yolov8n.onnx --target best --deadline 10s",
      "",
      "Which method? shap for figures with error bars, layer-cam for a quick look.",
      "`whybox explain --help` lists the methods and files; `whybox doctor` shows what can be"
          + " used here."
    })
public final class Main implements Runnable {
  /** A system property that makes errors print stack traces, as {@code --verbose} does. */
  private static final String DEBUG = "whybox.debug";

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and exit.")
  private boolean version;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help and exit.")
  private boolean help;

  private Main(Console console) {
    this.console = console;
  }

  /**
   * Runs the command line and ends the process with its exit code.
   *
   * @param arguments as the shell gives them
   */
  public static void main(String[] arguments) {
    quietLog();
    // Numbers are written in the form that other programs read, in any language of the user.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(run(Console.system(), arguments));
  }

  /** The log, which stands among the messages, says what a user must know, in plain lines. */
  private static void quietLog() {
    Map.of("defaultLogLevel", "warn", "showThreadName", "false", "showLogName", "false")
        .forEach(
            (name, value) -> {
              String property = "org.slf4j.simpleLogger." + name;
              System.setProperty(property, System.getProperty(property, value));
            });
  }

  /** Runs the command line and returns the exit code. */
  static int run(Console console, String... arguments) {
    return run(console, Methods.ALL, arguments);
  }

  /** Runs the command line with other methods and returns the exit code. */
  static int run(Console console, MethodTable methods, String... arguments) {
    DetectCommand detect = new DetectCommand(console);
    ExplainCommand explain = new ExplainCommand(console, methods);
    boolean debug = Boolean.getBoolean(DEBUG);
    try {
      CommandLine line = new CommandLine(new Main(console)).addSubcommand(detect);
      line.addSubcommand(explain)
          .addSubcommand(new InspectCommand(console))
          .addSubcommand(new FeaturesCommand(console))
          .addSubcommand(new ActivationsCommand(console))
          .addSubcommand(new DreamCommand(console))
          .addSubcommand(new DoctorCommand(console))
          .getSubcommands()
          .values()
          .forEach(Main::nameExitCodes);
      listExitCodes(line);
      CommandSpec activations = line.getSubcommands().get("activations").getCommandSpec();
      ActivationsCommand.UNUSED.forEach(name -> hide(activations, name));
      MethodOptions.describe(line.getSubcommands().get("explain").getCommandSpec(), methods);
      NumberConverter.register(line);
      int code =
          line.setOut(new PrintWriter(console.out(), true))
              .setErr(new PrintWriter(console.err(), true))
              .setUsageHelpWidth(console.helpWidth())
              .setCaseInsensitiveEnumValuesAllowed(true)
              .setParameterExceptionHandler((error, given) -> wrongUsage(console, error, given))
              .setExecutionExceptionHandler(
                  (error, command, parsed) -> failed(console, error, debug || verbose(command)))
              .execute(arguments);
      return written(console, code);
    } catch (OutOfMemoryError e) {
      console.complain(
          "Not enough memory ("
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB). Give Java more with WHYBOX_JAVA_OPTIONS=-Xmx4g, or use a smaller image.");
    } catch (LinkageError e) {
      console.complain("A native library cannot be loaded: " + e);
    }
    return ExitCode.INTERNAL.code();
  }

  /** The exit code, or that of a failed output if results were lost. */
  private static int written(Console console, int code) {
    String failure = console.out().failure();
    if (failure == null) {
      return code;
    }
    console.complain(
        "The results could not be written to standard output: "
            + failure
            + ". Free some space, or write to another place.");
    return code == ExitCode.OK.code() ? ExitCode.OUTPUT.code() : code;
  }

  /** Prints the help if no command is given. */
  @Override
  public void run() {
    spec.commandLine().usage(console.out());
  }

  private static void listExitCodes(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .exitCodeListHeading(
            "%nExit codes; if several images fail, the most serious code is returned, in the"
                + " order 8, 2, 3, 6, 5:%n")
        .exitCodeList(ExitCode.list());
  }

  /** Leaves an option out of the help. */
  private static void hide(CommandSpec command, String name) {
    OptionSpec option = command.findOption(name);
    command.remove(option);
    command.addOption(OptionSpec.builder(option).hidden(true).build());
  }

  /** A line for commands; all the codes would be the same in each. */
  private static void nameExitCodes(CommandLine command) {
    var help = command.getCommandSpec().usageMessage();
    List<String> footer = new ArrayList<>(List.of(help.footer()));
    footer.add("%nExit codes: `whybox --help` lists them.");
    help.footer(footer.toArray(String[]::new));
  }

  private static int wrongUsage(Console console, ParameterException error, String[] given) {
    console.complain(error.getMessage());
    CommandLine command = error.getCommandLine();
    Optional<String> file = Stream.of(given).filter(Main::looksLikeAFile).findFirst();
    file.ifPresentOrElse(
        name -> console.say("Is it a file? Put -- before the images: -- " + name),
        () -> suggestion(error).ifPresent(console::say));
    console.say("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.code();
  }

  /** The option or command that a word without meaning may stand for. */
  private static Optional<String> suggestion(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return Optional.empty();
    }
    String word = unmatched.getUnmatched().get(0).split("=", 2)[0];
    CommandSpec command = error.getCommandLine().getCommandSpec();
    List<String> known =
        word.startsWith("-")
            ? command.options().stream()
                .filter(option -> !option.hidden())
                .map(option -> option.longestName())
                .toList()
            : List.copyOf(command.subcommands().keySet());
    return Nearest.of(word, known).stream().findFirst().map("Did you mean %s?"::formatted);
  }

  /** Whether a word is the name of an image that begins like an option. */
  private static boolean looksLikeAFile(String word) {
    return word.toLowerCase(Locale.ROOT).matches("-.*\\.(jpe?g|png|webp|bmp|gif|tiff?)");
  }

  private static boolean verbose(CommandLine command) {
    return command.getCommand() instanceof Verbose chosen && chosen.verbose();
  }

  private static int failed(Console console, Exception error, boolean trace) {
    if (trace) {
      error.printStackTrace(console.err());
    }
    if (error instanceof WhyboxException known) {
      if (known instanceof DeviceUnavailable) {
        console.complainInLines(known.getMessage());
      } else {
        console.complain(known.getMessage());
      }
      return ExitCode.of(known).code();
    }
    console.complain(
        "An error in Whybox itself: " + error + ". Run again with --verbose and report it.");
    return ExitCode.INTERNAL.code();
  }

  /** The text of {@code --version}. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "whybox " + Report.version(),
        "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.arch")
      };
    }
  }
}
