package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.GoldJob;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.table.Lakehouse;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;

/** What all commands about Gold need: the local lakehouse and the workflow's lifecycle. */
final class GoldAccess {
  @Mixin private LakehouseOption lakehouse;

  @Mixin private WorkflowOption workflow;

  /** What is done with an open lakehouse. */
  @FunctionalInterface
  interface Use {
    void of(SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle) throws IOException;
  }

  /** Opens the lakehouse in a session that ends with the use. */
  void use(Launcher launcher, Use use) throws IOException {
    var directory = lakehouse.existing();
    var lifecycle =
        workflow
            .each(launcher, Map.of(), GoldJob.class, GoldJob::lifecycle)
            .findFirst()
            .orElseThrow(
                () ->
                    ErrorCode.BAD_WORKFLOW
                        .error()
                        .with("file", workflow.file(launcher))
                        .with("lacks", "a task of Gold"));
    try (var session = LocalSession.start(directory, "kurrentlake-gold")) {
      var spark = session.spark();
      spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
      use.of(spark, Lakehouse.at(directory), lifecycle);
    }
    launcher.out().flush();
  }
}
