package io.github.kurrentlake.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** SQL over the local lakehouse. */
@Command(
    name = "query",
    description = {
      "Run one SQL statement over the local lakehouse; it may change data.",
      "Tables are schema.table, such as gold.loan_lifecycle; SHOW TABLES IN gold lists them."
    })
final class QueryCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Parameters(paramLabel = "SQL", description = "The statement.")
  private String statement;

  @Mixin private FormatOption format;

  @Mixin private LakehouseOption lakehouse;

  QueryCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws Exception {
    var directory = lakehouse.existing();
    try (var session = LocalSession.start(directory, "kurrentlake-query")) {
      var sql = LakehouseSql.over(directory, session.spark());
      var result = sql.run(statement, warning -> launcher.err().println("kurrentlake: " + warning));
      try {
        format.printer(launcher.out()).print(result.schema(), result.toLocalIterator());
      } catch (Exception e) {
        throw LakehouseSql.failure(e);
      }
    }
    return 0;
  }
}
