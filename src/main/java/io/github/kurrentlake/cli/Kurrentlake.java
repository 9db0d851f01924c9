package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.Version;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "kurrentlake",
    description = "KurrentDB events as Bronze, Silver and Gold Delta tables, on this machine.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Kurrentlake.VersionLine.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."})
public final class Kurrentlake implements Callable<Integer> {

  private final Launcher launcher;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Stack traces, and all logs on stderr instead of in a file.")
  private boolean verbose;

  @Spec private CommandLine.Model.CommandSpec spec;

  static final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kurrentlake " + Version.OF_THE_JAR};
    }
  }

  private Kurrentlake(Launcher launcher) {
    this.launcher = launcher;
  }

  public static void main(String[] arguments) {
    var launcher = Launcher.ofProcess();
    // Whatever a library prints must not come between the lines that a program reads.
    System.setOut(System.err);
    var code = execute(launcher, arguments);
    launcher.out().flush();
    launcher.err().flush();
    System.exit(code);
  }

  /** Runs a command line and gives its exit code. */
  static int execute(Launcher launcher, String... arguments) {
    return commandLine(launcher).execute(arguments);
  }

  static CommandLine commandLine(Launcher launcher) {
    var kurrentlake = new Kurrentlake(launcher);
    var commandLine =
        new CommandLine(kurrentlake)
            .addSubcommand(RunCommand.commandLine(launcher))
            .addSubcommand(new KurrentDbCommand(launcher))
            .addSubcommand(CategoriesCommand.commandLine(launcher))
            .addSubcommand(InitCommand.commandLine(launcher))
            .addSubcommand(PlanCommand.commandLine(launcher))
            .addSubcommand(DriftCommand.commandLine(launcher))
            .addSubcommand(new LineageCommand(launcher))
            .addSubcommand(new QueryCommand(launcher))
            .addSubcommand(new AsOfCommand(launcher))
            .addSubcommand(new DiffCommand(launcher))
            .addSubcommand(DoctorCommand.commandLine(launcher))
            .addSubcommand(StatusCommand.commandLine(launcher))
            .addSubcommand(ReportCommand.commandLine(launcher))
            .addSubcommand(ReconcileCommand.commandLine(launcher))
            .addSubcommand(ReplayCommand.commandLine(launcher))
            .addSubcommand(MaintainCommand.commandLine(launcher))
            .addSubcommand(QuarantineCommand.commandLine(launcher))
            .addSubcommand(new EraseCommand(launcher))
            .addSubcommand(new LakebaseDemoCommand(launcher))
            .addSubcommand(new SubmitCommand(launcher))
            .addSubcommand(new BenchCommand(launcher))
            .addSubcommand(new ChaosCommand(launcher))
            .addSubcommand(new AutoComplete.GenerateCompletion());
    // What follows the task's key is the task's, also when it looks like one of our options.
    commandLine.getSubcommands().get("submit").setStopAtPositional(true);
    return commandLine
        .setOut(new PrintWriter(launcher.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(launcher.err(), true, StandardCharsets.UTF_8))
        .setExecutionStrategy(kurrentlake::execute)
        .setParameterExceptionHandler((e, given) -> kurrentlake.wrongUsage(e))
        .setExecutionExceptionHandler((e, command, parsed) -> kurrentlake.failed(e));
  }

  /** No command was given. */
  @Override
  public Integer call() {
    spec.commandLine().usage(launcher.err());
    return ExitCode.USAGE;
  }

  private int execute(ParseResult parsed) {
    var command = parsed.hasSubcommand() ? parsed.subcommand().commandSpec().name() : "kurrentlake";
    if (verbose) {
      Logs.toTerminal();
    } else {
      Logs.toFile(launcher, command);
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private int wrongUsage(ParameterException e) {
    var command = e.getCommandLine().getCommandSpec().qualifiedName();
    var code = ErrorCode.BAD_OPTION;
    if (e instanceof UnmatchedArgumentException) {
      code = ErrorCode.UNKNOWN_OPTION;
    } else if (e instanceof MissingParameterException) {
      code = ErrorCode.MISSING_OPTION;
    }
    launcher.err().println(code.error().with(command, e.getMessage()).getMessage());
    return ExitCode.USAGE;
  }

  private int failed(Exception e) {
    var error = Failures.known(e, ErrorCode.INTERNAL);
    Failures.print(launcher, error);
    if (error.code().exitCode() != ExitCode.USAGE) {
      Failures.printLog(launcher);
    }
    return error.code().exitCode();
  }
}
