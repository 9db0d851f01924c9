package io.github.kurrentlake.cli;

import io.github.kurrentlake.draft.Draft;
import io.github.kurrentlake.draft.DraftFiles;
import io.github.kurrentlake.draft.WrittenGold;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.pipeline.PipelineFolder;
import io.github.kurrentlake.pipeline.PipelineWorkflow;
import io.github.kurrentlake.table.StorageFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A pipeline for events that nobody has declared yet. */
@Command(
    name = "init",
    description = {
      "Make a pipeline's folder for a category: of each event type a sample is read, and names, types"
          + " and places are suggested in pipeline.yaml; README.md says what was seen.",
      "Then: kurrentlake run --pipeline DIR"
    })
final class InitCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Option(
      names = "--category",
      required = true,
      paramLabel = "CATEGORY",
      description = "The streams whose names begin with it; kurrentlake categories lists them.")
  private String category;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder to make. Default: the category's name, here.")
  private Path folder;

  @Option(
      names = "--gold-sql",
      description =
          "Write the query of the Gold table out, to be changed, instead of deriving it at each run.")
  private boolean goldSql;

  @Spec private CommandSpec spec;

  private InitCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return KurrentDbAccess.SETTINGS.commandLine(new InitCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = KurrentDbAccess.SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    var target = (folder == null ? Path.of(category) : folder).toAbsolutePath().normalize();
    if (Files.exists(target.resolve(PipelineFolder.FILE))) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "DIR")
          .with("value", target)
          .with("expected", "a folder without a pipeline.yaml; drift says what one does not read");
    }
    return kurrentdb.use(
        launcher,
        parameters,
        (all, environment) -> {
          var node = KurrentDbAccess.node(all, environment);
          var draft = Draft.of(node, category);
          try {
            write(draft, target, node.endpoint().toString());
          } catch (IOException e) {
            throw StorageFaults.orUnusable(e).with("folder", target);
          }
          print(draft, target);
          return 0;
        });
  }

  private void write(Draft draft, Path target, String endpoint) throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve(PipelineFolder.FILE), DraftFiles.yaml(draft));
    Files.writeString(target.resolve(PipelineFolder.SCHEMA), PipelineFolder.schema());
    Files.writeString(target.resolve("README.md"), DraftFiles.page(draft, endpoint));
    var pipeline = PipelineFolder.read(target);
    if (goldSql) {
      var gold = pipeline.lifecycle().tables().get(0);
      Files.writeString(target.resolve(WrittenGold.file(gold)), gold.select().text());
      Files.writeString(
          target.resolve(PipelineFolder.FILE), WrittenGold.yaml(gold), StandardOpenOption.APPEND);
    }
    Files.writeString(
        target.resolve("workflow.json"),
        PipelineWorkflow.json(
            pipeline, "/Volumes/loan_lakehouse/ops/pipelines/" + pipeline.name()));
    Files.writeString(target.resolve(PipelineWorkflow.BUNDLE), PipelineWorkflow.bundle(pipeline));
  }

  private void print(Draft draft, Path target) {
    var out = launcher.out();
    for (var projection : draft.projections()) {
      var doubts = projection.columns().stream().filter(one -> !one.doubt().isEmpty()).count();
      out.printf(
          "silver.%s  %,d columns of %,d of %,d %s events%s%n",
          projection.table(),
          projection.columns().size(),
          projection.sampled(),
          projection.type().events(),
          projection.type().schemaName(),
          doubts == 0 ? "" : ", %,d to look at".formatted(doubts));
    }
    out.println("Pipeline: " + target.resolve(PipelineFolder.FILE));
    out.println("Seen:     " + target.resolve("README.md"));
    out.println("Next:     ./jobs/kurrentlake run --pipeline " + target);
    out.flush();
  }
}
