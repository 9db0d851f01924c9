package io.github.kurrentlake.cli;

import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.source.EventLog.TypeOfEvents;
import java.sql.Timestamp;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What there is to read. */
@Command(
    name = "categories",
    description = {
      "List what KurrentDB holds: each category and event type with the number of its events and the"
          + " time and position of the newest.",
      "It asks KurrentDB's index, and no payload. Without --endpoint it shows an embedded KurrentDB."
    })
final class CategoriesCommand implements Callable<Integer> {
  private static final String COLUMNS =
      "category STRING, event_type STRING, events BIGINT, newest TIMESTAMP, log_position BIGINT";

  private static final long QUESTION_MEMORY = 64L << 20;

  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private FormatOption format;

  @Spec private CommandSpec spec;

  private CategoriesCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return KurrentDbAccess.SETTINGS.commandLine(new CategoriesCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = KurrentDbAccess.SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    return kurrentdb.use(
        launcher,
        parameters,
        (all, environment) -> {
          var node = KurrentDbAccess.node(all, environment);
          try (var connection = node.connect(QUESTION_MEMORY)) {
            var types = new EventLog(connection, "").types();
            format
                .printer(launcher.out())
                .print(COLUMNS, types.stream().map(CategoriesCommand::row));
          }
          return 0;
        });
  }

  private static Row row(TypeOfEvents type) {
    return RowFactory.create(
        type.category(),
        type.schemaName(),
        type.events(),
        new Timestamp(type.newestMillis()),
        type.newestPosition());
  }
}
