package io.github.kurrentlake.cli;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.quarantine.Quarantine;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.silver.SilverJob;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Another attempt at what is open. */
@Command(
    name = "redrive",
    description = {
      "Try open events again; those that can be read now land in Silver.",
      "A run does so on its own when a projection's declaration has changed."
    })
final class QuarantineRedriveCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Option(
      names = "--projection",
      paramLabel = "NAME",
      description = "Only this projection, such as loan_requested. Default: all.")
  private String projection;

  @Option(
      names = "--timestamp-zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Zone of timestamps that name none. Default: UTC.")
  private String zone;

  @ParentCommand private QuarantineCommand quarantine;

  QuarantineRedriveCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException {
    var in =
        Settings.parse(
                List.of(SilverJob.TIMESTAMP_ZONE),
                List.of("--timestamp-zone", zone),
                Environment.ofProcess())
            .get(SilverJob.TIMESTAMP_ZONE);
    quarantine.use(found -> redrive(found, in).forEach(this::print));
    return 0;
  }

  private Map<String, JobReport> redrive(Quarantine found, ZoneId in) {
    return projection == null
        ? found.redrive(in)
        : Map.of(projection, found.redrive(projection, in));
  }

  private void print(String name, JobReport report) {
    launcher
        .out()
        .printf(
            "%s: %,d of %,d events landed in Silver%n", name, report.rowsOut(), report.eventsIn());
  }
}
