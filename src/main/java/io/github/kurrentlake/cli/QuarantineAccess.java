package io.github.kurrentlake.cli;

import io.github.kurrentlake.quarantine.Quarantine;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.table.Lakehouse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;

/** What all commands about quarantine need: the local lakehouse and the workflow's projections. */
final class QuarantineAccess {
  @Mixin private LakehouseOption lakehouse;

  @Mixin private WorkflowOption workflow;

  /** Opens the quarantine in a session that ends with the use. */
  void use(Launcher launcher, Consumer<Quarantine> use) throws IOException {
    var directory = lakehouse.existing();
    var projections = projections(launcher);
    try (var session = LocalSession.start(directory, "kurrentlake-quarantine")) {
      var spark = session.spark();
      spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
      use.accept(Quarantine.of(spark, Lakehouse.at(directory), projections));
    }
    launcher.out().flush();
  }

  private List<Projection> projections(Launcher launcher) {
    return workflow.each(launcher, Map.of(), SilverJob.class, SilverJob::projection).toList();
  }
}
