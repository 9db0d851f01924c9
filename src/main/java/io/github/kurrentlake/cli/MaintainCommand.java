package io.github.kurrentlake.cli;

import io.github.kurrentlake.loans.Maintain;
import io.github.kurrentlake.maintain.MaintainJob;
import io.github.kurrentlake.maintain.Maintained;
import io.github.kurrentlake.pipeline.PipelineMaintain;
import io.github.kurrentlake.settings.Environment;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Files put together, and old ones removed. */
@Command(
    name = "maintain",
    description = {
      "Put the files of tables together that have had many commits, and remove those that no"
          + " version within a table's retention needs.",
      "Files that a task still has to read stay, and it says for whom."
    })
final class MaintainCommand implements Callable<Integer> {
  private static final TaskSettings TASK_SETTINGS =
      new TaskSettings(List.of(MaintainJob.AFTER_COMMITS));

  private static final String COLUMNS =
      "table STRING, files BIGINT, `KB per file` BIGINT, `files then` BIGINT,"
          + " `KB per file then` BIGINT, done STRING, why STRING";

  private static final long BYTES_PER_KB = 1000;

  private final Launcher launcher;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private PipelineOption pipeline;

  @Spec private CommandSpec spec;

  private MaintainCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return TASK_SETTINGS.commandLine(new MaintainCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = TASK_SETTINGS.given(spec.commandLine().getParseResult());
    var directory = lakehouse.existing();
    parameters.put("catalog", directory.toString());
    pipeline.addTo(parameters);
    try (var session = LocalSession.start(directory, "kurrentlake-maintain")) {
      var job = pipeline.<MaintainJob>job(Maintain::new, PipelineMaintain::new);
      var settings = TaskSettings.of(job, parameters, Environment.ofProcess());
      var rows = job.maintain(session.spark(), settings).stream().map(MaintainCommand::row);
      TablePrinter.to(launcher.out()).body((StructType) DataType.fromDDL(COLUMNS), rows.iterator());
      launcher.out().flush();
      return 0;
    }
  }

  private static Row row(Maintained one) {
    return RowFactory.create(
        one.table(),
        one.before().files(),
        one.before().bytesPerFile() / BYTES_PER_KB,
        one.after().files(),
        one.after().bytesPerFile() / BYTES_PER_KB,
        one.action().toString(),
        one.reason());
  }
}
