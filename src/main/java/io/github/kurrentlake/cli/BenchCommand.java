package io.github.kurrentlake.cli;

import io.github.kurrentlake.bench.BenchOptions;
import io.github.kurrentlake.bench.BenchOptions.Transport;
import io.github.kurrentlake.bench.BenchOptions.WarmUp;
import io.github.kurrentlake.bench.BenchReport;
import io.github.kurrentlake.bench.Benchmark;
import io.github.kurrentlake.table.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The benchmark. */
@Command(
    name = "bench",
    description = {
      "Measure Bronze and Silver on this machine, beside plain ADBC and the guide's own cells.",
      "Prints medians of several rounds; docs/benchmarks.md says what each row means."
    })
final class BenchCommand implements Callable<Integer> {
  private static final long MILLION = 1_000_000;

  private final Launcher launcher;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Events of about 500 bytes in KurrentDB. Default: 1000000.")
  private long events;

  @Option(
      names = "--rounds",
      paramLabel = "K",
      defaultValue = "3",
      description = "How often everything is measured. Default: 3.")
  private int rounds;

  @Option(
      names = "--cold",
      description = "Without the round of warm-up: a quick look, not a measurement.")
  private boolean cold;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write the figures as JSON, too.")
  private Path json;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these rows, or groups of rows: bronze,growth,layout-plain.")
  private List<String> only = List.of();

  @Option(
      names = "--guide-events",
      paramLabel = "N",
      description = "Events that the guide's cell reads; it is slow. Default: --events.")
  private Long guideEvents;

  @Option(
      names = "--growth",
      paramLabel = "N",
      split = ",",
      defaultValue = "100000,1000000,10000000",
      description =
          "Sizes of the tables that an increment goes into. Default: 100000,1000000,10000000.")
  private List<Long> growth;

  @Option(
      names = "--increment",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Events of that increment. Default: 10000.")
  private long increment;

  @Option(
      names = "--memory",
      paramLabel = "N",
      split = ",",
      description =
          "Sizes of the logs that a Bronze with a heap of 512 MB reads. Default: --events and ten times as"
              + " many.")
  private List<Long> memory;

  @Option(
      names = "--gold",
      paramLabel = "N",
      split = ",",
      defaultValue = "10000,100000,1000000",
      description = "Loans in the Gold tables that are refreshed. Default: 10000,100000,1000000.")
  private List<Long> gold;

  @Option(
      names = "--follow",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "For how long KurrentDB gets 200 events a second while it is followed. Default: 600.")
  private long followSeconds;

  @Option(
      names = "--hours",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Hourly runs one after the other, into tables that are maintained and others. Default: 100.")
  private long hours;

  @Option(
      names = "--layout-events",
      paramLabel = "N",
      description = "Events of the three years that the layouts are tried with. Default: --events.")
  private Long layoutEvents;

  @Option(
      names = "--hourly-events",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Events of an hourly run after those years. Default: 2000.")
  private long hourlyEvents;

  @Option(
      names = "--insecure",
      description = "Reach KurrentDB without TLS and password, to tell what they cost.")
  private boolean insecure;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "An existing directory with room for the tables, about 1 GB for a million events."
              + " Default: the temporary directory.")
  private Path work;

  @Spec private CommandSpec command;

  BenchCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException {
    check();
    var directory =
        work == null
            ? Files.createTempDirectory("kurrentlake-bench-")
            : Files.createTempDirectory(work.toAbsolutePath(), "kurrentlake-bench-");
    var report = BenchReport.of(List.of());
    try (var spark = Sessions.local("kurrentlake-bench")) {
      report = BenchReport.of(Benchmark.run(spark, options(directory), launcher.err()));
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
    report.print(launcher.out());
    if (json != null) {
      report.write(json);
    }
    return 0;
  }

  private BenchOptions options(Path directory) {
    return new BenchOptions(
        events,
        guideEvents == null ? events : guideEvents,
        layoutEvents == null ? events : layoutEvents,
        hourlyEvents,
        growth,
        increment,
        memory == null ? List.of(events, 10 * events) : memory,
        gold,
        followSeconds,
        hours,
        rounds,
        cold ? WarmUp.NONE : WarmUp.ONE_ROUND,
        only,
        insecure ? Transport.PLAINTEXT : Transport.TLS,
        directory);
  }

  private void check() {
    if (followSeconds < 1
        || hours < 2
        || rounds < 1
        || events < 1
        || increment < 1
        || hourlyEvents < 1) {
      throw new ParameterException(
          command.commandLine(), "numbers must be at least 1, and --hours at least 2");
    }
    if (events > 1_000 * MILLION) {
      throw new ParameterException(command.commandLine(), "--events must be at most 1000000000");
    }
  }
}
