package io.github.kurrentlake.cli;

import io.github.kurrentlake.pipeline.PipelineTasks;
import io.github.kurrentlake.settings.Units;
import io.github.kurrentlake.status.LayerStatus;
import io.github.kurrentlake.status.Status;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How far each layer is, and how its last run ended. */
@Command(
    name = "status",
    description = {
      "Show how far each layer is behind KurrentDB, how its task ended last, and what is open in"
          + " quarantine.",
      "Without --endpoint it asks an embedded KurrentDB: give the options of the run that filled the"
          + " lakehouse. It ends with 1 when KurrentDB does not answer."
    })
final class StatusCommand implements Callable<Integer> {
  private static final String COLUMNS =
      "table STRING, log_position BIGINT, events_behind BIGINT, seconds_behind BIGINT,"
          + " last_run TIMESTAMP, outcome STRING, quarantined BIGINT,"
          + " quarantined_since TIMESTAMP";

  private static final String KEY_COLUMNS =
      "table STRING, event_type STRING, key STRING, kinds STRING, share DOUBLE,"
          + " first_position BIGINT";

  private static final int BEHIND = 3;

  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private PipelineOption pipeline;

  @Option(names = "--json", description = "One JSON object a line instead of a table.")
  private boolean asJson;

  @Option(
      names = "--fail-if-behind",
      paramLabel = "TIME",
      description =
          "End with 3 when an event has waited longer than this for a layer, such as 15m.")
  private String failIfBehind;

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Write it to a file in the format of OpenMetrics, too.")
  private Path metrics;

  @Option(
      names = "--keys",
      arity = "0..1",
      paramLabel = "BYTES",
      fallbackValue = "64m",
      description = {
        "Show instead the keys of payloads that no Silver table reads, in the last bytes of the log.",
        "Default: 64m."
      })
  private String keysOfLast;

  @Spec private CommandSpec spec;

  private StatusCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return KurrentDbAccess.SETTINGS.commandLine(new StatusCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = KurrentDbAccess.SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    var allowed = failIfBehind == null ? null : Units.duration(failIfBehind);
    var directory = lakehouse.existing();
    parameters.put("catalog", directory.toString());
    pipeline.addTo(parameters);
    try (var session = LocalSession.start(directory, "kurrentlake-status")) {
      if (keysOfLast != null) {
        printKeys(pipeline.tasks(session.spark(), directory));
        return 0;
      }
      return kurrentdb.use(
          launcher,
          parameters,
          (all, environment) -> {
            var node = KurrentDbAccess.node(all, environment);
            return print(pipeline.tasks(session.spark(), directory).status(node), allowed);
          });
    }
  }

  private void printKeys(PipelineTasks tasks) {
    print(
        KEY_COLUMNS,
        tasks.unknownKeys(Units.bytes(keysOfLast)).stream()
            .map(
                key ->
                    RowFactory.create(
                        key.table(),
                        key.eventType(),
                        key.key(),
                        key.kinds(),
                        key.share(),
                        key.firstPosition())));
  }

  private void print(String columns, Stream<Row> rows) {
    var printer = asJson ? new JsonPrinter(launcher.out()) : TablePrinter.to(launcher.out());
    printer.print(columns, rows);
  }

  private int print(Status status, Duration allowed) {
    if (metrics != null) {
      OpenMetrics.write(status, metrics.toAbsolutePath());
    }
    print(COLUMNS, status.layers().stream().map(StatusCommand::row));
    status
        .unclaimed()
        .forEach(
            (type, events) ->
                launcher.err().printf("%,d events of %s are in no Silver table.%n", events, type));
    if (status.unanswered().isPresent()) {
      throw status.unanswered().get();
    }
    return allowed != null && status.behind().filter(it -> it.compareTo(allowed) > 0).isPresent()
        ? BEHIND
        : 0;
  }

  private static Row row(LayerStatus layer) {
    return RowFactory.create(
        layer.table(),
        layer.logPosition().isPresent() ? layer.logPosition().getAsLong() : null,
        layer.eventsBehind().isPresent() ? layer.eventsBehind().getAsLong() : null,
        layer.behind().map(Duration::toSeconds).orElse(null),
        layer.lastRun().map(run -> Timestamp.from(run.startedAt())).orElse(null),
        layer.lastRun().map(LayerStatus.LastRun::outcome).orElse(null),
        layer.openQuarantine(),
        layer.oldestQuarantine().map(Timestamp::from).orElse(null));
  }
}
