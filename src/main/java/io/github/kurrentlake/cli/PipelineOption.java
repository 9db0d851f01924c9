package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.loans.FollowLoans;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.pipeline.FollowJob;
import io.github.kurrentlake.pipeline.PipelineFolder;
import io.github.kurrentlake.pipeline.PipelineFollow;
import io.github.kurrentlake.pipeline.PipelineSettings;
import io.github.kurrentlake.pipeline.PipelineTasks;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.table.Lakehouse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that names the pipeline: the loans, or one that a folder declares. */
final class PipelineOption {
  @Option(
      names = "--pipeline",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "The folder of a pipeline.yaml. Default: the loans.")
  private Path folder;

  Optional<Path> folder() {
    return Optional.ofNullable(folder).map(given -> given.toAbsolutePath().normalize());
  }

  /**
   * Adds it to the job parameters.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-105 beside a zone, which the folder
   *     names itself, KL-104 and KL-108 for a folder that cannot be used
   */
  void addTo(Map<String, String> parameters) {
    if (folder().isPresent()) {
      if (parameters.containsKey(TaskSettings.parameter(SilverJob.TIMESTAMP_ZONE))) {
        throw ErrorCode.CONFLICTING_OPTIONS
            .error()
            .with("options", "--pipeline, --" + SilverJob.TIMESTAMP_ZONE.name());
      }
      PipelineFolder.read(folder().get());
      parameters.put(TaskSettings.parameter(PipelineSettings.PIPELINE), folder().get().toString());
    }
  }

  Pipeline pipeline() {
    return folder().map(PipelineFolder::read).orElse(Loans.PIPELINE);
  }

  /** The calls about it. */
  PipelineTasks tasks(SparkSession spark, Path directory) {
    var lakehouse = Lakehouse.at(directory);
    return folder().isPresent()
        ? PipelineTasks.of(spark, lakehouse, pipeline())
        : Loans.of(spark, lakehouse);
  }

  /** The task that follows the log. */
  FollowJob follow() {
    return job(FollowLoans::new, PipelineFollow::new);
  }

  /** The task of the loans, or that of any folder. */
  <J> J job(Supplier<? extends J> ofLoans, Supplier<? extends J> ofFolder) {
    return folder().isPresent() ? ofFolder.get() : ofLoans.get();
  }
}
