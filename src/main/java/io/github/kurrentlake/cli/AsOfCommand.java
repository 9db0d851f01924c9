package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gold at a point of the log. */
@Command(
    name = "as-of",
    description = {
      "Print Gold as it was at a point of the log: as a fresh pipeline over only the events up to",
      "there would make it."
    })
final class AsOfCommand implements Callable<Integer> {
  private final Launcher launcher;

  @ArgGroup(multiplicity = "1")
  private When when;

  private static final class When {
    @Option(
        names = "--log-position",
        paramLabel = "N",
        required = true,
        description = "The last event that counts.")
    private Long position;

    @Option(
        names = "--timestamp",
        paramLabel = "TIME",
        required = true,
        converter = Point.TimeConverter.class,
        description =
            "When KurrentDB recorded it at the latest: 2025-01-29T16:45:43Z or 2025-01-29.")
    private Instant time;

    private Point point() {
      return position == null ? Point.at(time) : Point.at(position);
    }
  }

  @Option(
      names = "--table",
      paramLabel = "SCHEMA.TABLE",
      description = "Another table of the lifecycle. Default: the one with a row per stream.")
  private String tableName;

  @Option(
      names = "--into",
      paramLabel = "TABLE",
      description = "Write the rows into this table of the schema gold instead of printing them.")
  private String into;

  @Mixin private FormatOption format;

  @Mixin private GoldAccess access;

  AsOfCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException {
    access.use(
        launcher,
        (spark, lakehouse, lifecycle) -> {
          var table = table(lifecycle);
          var position = when.point().resolve(spark, lakehouse, lifecycle);
          var rows = Gold.asOf(spark, lakehouse, lifecycle, table, position);
          if (into == null) {
            format
                .printer(launcher.out())
                .print(rows.schema(), rows.orderBy("stream", "log_position").toLocalIterator());
          } else {
            write(spark, lakehouse, table, rows, position);
          }
        });
    return 0;
  }

  private TableDeclaration table(Lifecycle lifecycle) {
    var tables = lifecycle.tables().stream().map(table -> table.table()).toList();
    return tables.stream()
        .filter(table -> tableName == null || table.qualifiedName().toString().equals(tableName))
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.BAD_OPTION
                    .error()
                    .with("option", "--table")
                    .with("value", tableName)
                    .with(
                        "expected",
                        tables.stream()
                            .map(table -> table.qualifiedName().toString())
                            .collect(Collectors.joining(" or "))));
  }

  private void write(
      SparkSession spark,
      Lakehouse lakehouse,
      TableDeclaration like,
      Dataset<Row> rows,
      long position) {
    var comment = "%s as of log position %d".formatted(like.qualifiedName(), position);
    var declaration = TableDeclaration.table("gold", into, comment).columns(like.columns());
    var table = lakehouse.table(declaration);
    if (table.exists(spark)) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "--into")
          .with("value", into)
          .with("expected", "the name of a table that does not exist yet");
    }
    lakehouse.ensure(spark, declaration);
    rows.createOrReplaceTempView("kurrentlake_as_of");
    rows.sparkSession().sql("INSERT INTO " + table.sqlName() + " SELECT * FROM kurrentlake_as_of");
    launcher.out().printf("gold.%s: %,d rows, %s%n", into, table.read(spark).count(), comment);
  }
}
