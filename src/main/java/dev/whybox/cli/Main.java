// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.WhyboxException;
import dev.whybox.render.Report;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's entry. */
@Command(
    name = "whybox",
    description = "Why this box? Explains the detections of a YOLOv8 model in ONNX format.",
    synopsisSubcommandLabel = "(detect | explain)",
    versionProvider = Main.Version.class,
    footer = {
      "%nTry it with the model that comes with Whybox:",
      "  whybox explain models/samples/meadow.jpg",
      "",
      "With your own model:",
      "  whybox detect  street.jpg --model yolov8n.onnx",
      "  whybox explain street.jpg --model yolov8n.onnx --target best --deadline 2s",
      "",
      "`whybox explain --help` lists the methods, files and exit codes."
    })
public final class Main implements Runnable {
  /** Prints stack traces, as {@code --verbose} does. */
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
    // Numbers are written as other programs read them, whatever the user's language.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(run(Console.system(), arguments));
  }

  /** Runs the command line and returns the exit code. */
  static int run(Console console, String... arguments) {
    DetectCommand detect = new DetectCommand(console);
    ExplainCommand explain = new ExplainCommand(console);
    boolean debug = Boolean.getBoolean(DEBUG);
    try {
      CommandLine line = new CommandLine(new Main(console)).addSubcommand(detect);
      line.addSubcommand(explain).getSubcommands().values().forEach(Main::listExitCodes);
      return line.setOut(new PrintWriter(console.out(), true))
          .setErr(new PrintWriter(console.err(), true))
          .setUsageHelpWidth(100)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setParameterExceptionHandler((error, given) -> wrongUsage(console, error))
          .setExecutionExceptionHandler(
              (error, command, parsed) -> failed(console, error, debug || verbose(command)))
          .execute(arguments);
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

  /** Without a command: what is there. */
  @Override
  public void run() {
    spec.commandLine().usage(console.out());
  }

  private static void listExitCodes(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCode.list());
  }

  private static int wrongUsage(Console console, ParameterException error) {
    console.complain(error.getMessage());
    CommandLine command = error.getCommandLine();
    CommandLine.UnmatchedArgumentException.printSuggestions(error, command.getErr());
    console.say("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.code();
  }

  private static boolean verbose(CommandLine command) {
    return command.getCommand() instanceof ImagesCommand images && images.verbose();
  }

  private static int failed(Console console, Exception error, boolean trace) {
    if (trace) {
      error.printStackTrace(console.err());
    }
    if (error instanceof WhyboxException known) {
      console.complain(known.getMessage());
      return ExitCode.of(known).code();
    }
    console.complain(
        "An error in Whybox itself: " + error + ". Run again with --verbose and report it.");
    return ExitCode.INTERNAL.code();
  }

  /** What {@code --version} prints. */
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
