package io.github.kurrentlake.cli;

import io.github.kurrentlake.bench.Chaos;
import io.github.kurrentlake.table.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Processes that are killed, and the tables that they leave. */
@Command(
    name = "chaos",
    description = {
      "Kill processes that run the tasks over a growing log, behind any phase and at any moment, and"
          + " compare all tables row by row with those of undisturbed runs.",
      "It ends with 1 when a row differs, and keeps the lakehouses then."
    })
final class ChaosCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many processes are killed. Default: 20.")
  private int kills;

  @Option(
      names = "--loans",
      paramLabel = "K",
      defaultValue = "50",
      description =
          "About how many loans the log holds when the first process starts. Default: 50.")
  private long loans;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Repeats the phases, not the moments. Default: another each time.")
  private Long seed;

  @Spec private CommandSpec command;

  ChaosCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException {
    if (kills < 1 || loans < 0) {
      throw new ParameterException(
          command.commandLine(), "--kills must be at least 1, and --loans not negative");
    }
    var start = seed == null ? System.nanoTime() : seed;
    var directory = Files.createTempDirectory("kurrentlake-chaos-");
    launcher.err().println("--seed " + start);
    try (var spark = Sessions.local("kurrentlake-chaos")) {
      var report = Chaos.run(spark, kills, loans, start, directory, launcher.err());
      report.print(launcher.out());
      if (!report.isClean()) {
        launcher.out().println("The lakehouses are in " + directory);
        return ExitCode.SOFTWARE;
      }
    }
    FileUtils.deleteDirectory(directory.toFile());
    return ExitCode.OK;
  }
}
