package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.workflow.WorkflowFile;
import io.github.kurrentlake.workflow.WorkflowTask;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One task of the workflow through spark-submit, from the jar that is deployed. */
@Command(
    name = "submit",
    description = {
      "Run one task of workflow.json through spark-submit: SPARK_HOME's if that is set, otherwise"
          + " the one that came with the build.",
      "The task's arguments are those of the workflow, with ./lakehouse as the catalog, then yours,"
          + " which win: --catalog ./DIR, --endpoint URI, --tls-ca FILE, --batch-size N.",
      "The user of KurrentDB is in KURRENTDB_USERNAME and KURRENTDB_PASSWORD."
    })
final class SubmitCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Mixin private WorkflowOption workflowOption;

  @Parameters(
      index = "0",
      paramLabel = "TASK_KEY",
      description = "The task's key, such as bronze_ingest.")
  private String key;

  @Parameters(
      index = "1..*",
      paramLabel = "ARGUMENT",
      description = "Arguments for the task, after those of the workflow.")
  private List<String> arguments = List.of();

  SubmitCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var workflow = workflowOption.read(launcher);
    var task = workflow.task(key);
    var sparkHome =
        Optional.ofNullable(System.getenv("SPARK_HOME")).filter(home -> !home.isEmpty());
    var command =
        sparkHome.isPresent() ? inDistribution(Path.of(sparkHome.get())) : fromClassPath();
    // Spark makes this directory; without a word it would lie wherever the user stands.
    command.add("--conf");
    command.add("spark.sql.warehouse.dir=" + launcher.target().resolve("spark-warehouse"));
    command.add("--class");
    command.add(task.mainClass());
    command.add("--name");
    command.add(task.key());
    command.add(jar().toString());
    command.addAll(arguments(workflow, task));
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private List<String> arguments(WorkflowFile workflow, WorkflowTask task) {
    var local = Map.of("catalog", Path.of("lakehouse").toAbsolutePath().toString());
    var known = workflow.parameters().containsKey("catalog");
    return Stream.concat(
            workflow.arguments(task, known ? local : Map.of()).stream(), arguments.stream())
        .toList();
  }

  /** A distribution has Spark's jars but neither Delta's nor ours. */
  private List<String> inDistribution(Path sparkHome) throws IOException {
    var submit = sparkHome.resolve("bin").resolve("spark-submit");
    if (!Files.isExecutable(submit)) {
      throw ErrorCode.NO_SPARK_SUBMIT.error().with("SPARK_HOME", sparkHome);
    }
    var command = new ArrayList<>(List.of(submit.toString()));
    var delta =
        classPath("provided")
            .filter(path -> path.getFileName().toString().matches("delta-.*\\.jar"))
            .map(Path::toString)
            .collect(Collectors.joining(","));
    command.addAll(List.of("--jars", delta));
    if (Logs.file().isPresent()) {
      command.addAll(List.of("--driver-java-options", String.join(" ", Logs.childOptions())));
    }
    return command;
  }

  /** What bin/spark-submit would start, with the class path that a distribution would have. */
  private List<String> fromClassPath() throws IOException {
    var classPath =
        Stream.concat(classPath("provided"), classPath("shared"))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + launcher.home().resolve("jobs").resolve("java.options"));
    command.addAll(Logs.childOptions());
    command.addAll(List.of("-cp", classPath, "org.apache.spark.deploy.SparkSubmit"));
    command.addAll(List.of("--master", "local[*]", "--conf", "spark.ui.enabled=false"));
    return command;
  }

  private Stream<Path> classPath(String name) throws IOException {
    var file = launcher.target().resolve("classpath-" + name + ".txt");
    return Stream.of(Files.readString(file).strip().split(File.pathSeparator)).map(Path::of);
  }

  /** The jar of the last build; Maven leaves the unshaded one beside it. */
  private Path jar() throws IOException {
    try (var files = Files.newDirectoryStream(launcher.target(), "kurrentlake-*.jar")) {
      for (var file : files) {
        return file;
      }
    }
    throw ErrorCode.UNREADABLE_FILE
        .error()
        .with("file", launcher.target().resolve("kurrentlake-*.jar"));
  }
}
