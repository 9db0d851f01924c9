package io.github.kurrentlake.cli;

import io.github.kurrentlake.workflow.WorkflowFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that names the workflow. */
final class WorkflowOption {
  @Option(
      names = "--workflow",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "The workflow. Default: the repository's workflow.json.")
  private Path file;

  Path file(Launcher launcher) {
    return file == null ? launcher.workflow() : file;
  }

  WorkflowFile read(Launcher launcher) {
    return WorkflowFile.read(file(launcher));
  }
}
