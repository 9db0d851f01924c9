package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.pipeline.PipelineFolder;
import io.github.kurrentlake.pipeline.PipelineWorkflow;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that names the workflow, which a pipeline's folder has in it. */
final class WorkflowOption {
  @Option(
      names = "--workflow",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "The workflow. Default: the repository's workflow.json.")
  private Path file;

  @Mixin private PipelineOption pipeline;

  PipelineOption pipeline() {
    return pipeline;
  }

  Path file(Launcher launcher) {
    return file == null ? launcher.workflow() : file;
  }

  WorkflowFile read(Launcher launcher) {
    if (pipeline.folder().isPresent()) {
      var folder = pipeline.folder().get();
      if (file != null) {
        throw ErrorCode.CONFLICTING_OPTIONS.error().with("options", "--pipeline, --workflow");
      }
      var json = PipelineWorkflow.json(PipelineFolder.read(folder), folder.toString());
      return WorkflowFile.parse(json);
    }
    return WorkflowFile.read(file(launcher));
  }

  /**
   * What the workflow's jobs of one kind are about.
   *
   * @param given values of job parameters, of which those count that the workflow has
   * @param kind their class
   * @param about what a job with its settings gives
   */
  <J extends Job, T> Stream<T> each(
      Launcher launcher,
      Map<String, String> given,
      Class<J> kind,
      BiFunction<J, Settings, T> about) {
    var workflow = read(launcher);
    var parameters = new HashMap<>(given);
    parameters.keySet().retainAll(workflow.parameters().keySet());
    return workflow.tasks().stream()
        .flatMap(
            task ->
                Stream.of(task.job())
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .map(
                        job ->
                            about.apply(
                                job,
                                Settings.parse(
                                    job.settings(),
                                    workflow.arguments(task, parameters),
                                    Environment.ofProcess()))));
  }
}
