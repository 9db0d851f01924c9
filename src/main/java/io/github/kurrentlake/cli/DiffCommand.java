package io.github.kurrentlake.cli;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.github.kurrentlake.gold.Gold;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What became different in Gold between two points of the log. */
@Command(
    name = "diff",
    description = {
      "Print what became different in Gold between two points of the log, a row per stream and",
      "column. A point is a log position, a time (2025-01-29T16:45:43Z), or a day's begin in UTC."
    })
final class DiffCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      converter = Point.Converter.class,
      description = "The earlier point.")
  private Point from;

  @Parameters(
      index = "1",
      paramLabel = "TO",
      converter = Point.Converter.class,
      description = "The later point.")
  private Point to;

  @Option(
      names = "--counts",
      description = "How many streams came, changed or are gone, by column.")
  private boolean counts;

  @Mixin private FormatOption format;

  @Mixin private GoldAccess access;

  DiffCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException {
    access.use(
        launcher,
        (spark, lakehouse, lifecycle) -> {
          var rows =
              Gold.difference(
                  spark,
                  lakehouse,
                  lifecycle,
                  from.resolve(spark, lakehouse, lifecycle),
                  to.resolve(spark, lakehouse, lifecycle));
          var shown =
              counts
                  ? rows.groupBy("change", "column")
                      .agg(count(lit(1)).as("streams"))
                      .orderBy("change", "column")
                  : rows;
          format.printer(launcher.out()).print(shown.schema(), shown.toLocalIterator());
        });
    return 0;
  }
}
