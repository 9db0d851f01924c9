package io.github.kurrentlake.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRunTest {
  private static final Setting<String> DIRECTORY = Setting.text("directory", "Where to write.");
  private static final Setting<String> NAME = Setting.text("name", "The file to write.");
  private static final Setting<String> NEEDS =
      Setting.text("needs", "Files that must be there, with commas.").fallback("");

  @TempDir Path directory;

  /** Leaves a file behind, so that a run shows in what order and with which settings it ran. */
  public static class Touch implements Job {
    @Override
    public List<Setting<?>> settings() {
      return List.of(DIRECTORY, NAME, NEEDS);
    }

    @Override
    public JobReport run(SparkSession spark, Settings settings, Progress progress) {
      var directory = Path.of(settings.get(DIRECTORY));
      Stream.of(settings.get(NEEDS).split(","))
          .filter(need -> !need.isEmpty())
          .forEach(need -> assertThat(directory.resolve(need)).exists());
      assertThat(SparkSession.active()).isSameAs(spark);
      progress.reached(3, 1);
      try {
        Files.createFile(directory.resolve(settings.get(NAME)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new JobReport(3, 2);
    }
  }

  public static final class Fails extends Touch {
    @Override
    public JobReport run(SparkSession spark, Settings settings, Progress progress) {
      throw ErrorCode.UNREACHABLE.error();
    }
  }

  public static final class LacksAClass extends Touch {
    @Override
    public JobReport run(SparkSession spark, Settings settings, Progress progress) {
      throw new NoClassDefFoundError("a/Missing");
    }
  }

  /** Ends only when two of its kind run at the same time. */
  public static final class Meets extends Touch {
    private static final CyclicBarrier BOTH = new CyclicBarrier(2);

    @Override
    public JobReport run(SparkSession spark, Settings settings, Progress progress) {
      try {
        BOTH.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
      return super.run(spark, settings, progress);
    }
  }

  @Test
  void tasksRunAfterThoseTheyDependOnWithTheirParameters() throws IOException {
    var outcomes =
        run(task("c", Touch.class, "a", "b"), task("b", Touch.class, "a"), task("a", Touch.class));

    assertThat(outcomes.values())
        .allSatisfy(
            outcome ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        Outcome.Succeeded.class,
                        done -> assertThat(done.report()).isEqualTo(new JobReport(3, 2))));
    assertThat(outcomes).containsOnlyKeys("a", "b", "c");
    assertThat(directory.resolve("c")).exists();
  }

  @Test
  void independentTasksRunAtTheSameTime() throws IOException {
    var outcomes = run(task("one", Meets.class), task("other", Meets.class));

    assertThat(outcomes.values()).hasOnlyElementsOfType(Outcome.Succeeded.class);
  }

  @Test
  void aFailedTaskStopsItsDependantsAndNoOthers() throws IOException {
    var outcomes =
        run(
            task("fails", Fails.class),
            task("after", Touch.class, "fails"),
            task("last", Touch.class, "after", "works"),
            task("works", Touch.class));

    assertThat(outcomes.get("fails"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.error())
                    .isInstanceOfSatisfying(
                        KurrentlakeException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE)));
    assertThat(outcomes.get("after")).isEqualTo(new Outcome.Skipped(List.of("fails")));
    assertThat(outcomes.get("last")).isEqualTo(new Outcome.Skipped(List.of("after")));
    assertThat(outcomes.get("works")).isInstanceOf(Outcome.Succeeded.class);
    assertThat(directory.resolve("after")).doesNotExist();
    assertThat(directory.resolve("works")).exists();
  }

  @Test
  void anErrorOfTheJvmIsAnOutcomeToo() throws IOException {
    var outcomes = run(task("lacks", LacksAClass.class));

    assertThat(outcomes.get("lacks"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.error()).isInstanceOf(NoClassDefFoundError.class));
  }

  @Test
  void theEnvironmentStandsInForOptions() throws IOException {
    var workflow =
        write(
            """
            {"task_key": "a", "spark_jar_task": {"main_class_name": "%s"}}
            """
                .formatted(Touch.class.getName()));

    LocalRun.of(workflow)
        .environment(
            Environment.ofProcess()
                .with(
                    Map.of("KURRENTLAKE_DIRECTORY", directory.toString(), "KURRENTLAKE_NAME", "x")))
        .run(SharedSpark.session());

    assertThat(directory.resolve("x")).exists();
  }

  @Test
  void aWatcherHearsOfEveryTask() throws IOException {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    var watcher =
        new RunListener() {
          @Override
          public void started(WorkflowTask task) {
            heard.add(task.key() + " started");
          }

          @Override
          public void progressed(WorkflowTask task, long eventsIn, long rowsOut) {
            heard.add(task.key() + " " + eventsIn + " in " + rowsOut + " out");
          }

          @Override
          public void finished(WorkflowTask task, Outcome outcome) {
            heard.add(task.key() + " " + outcome.getClass().getSimpleName());
          }
        };

    configured(
            write(task("a", Touch.class), task("b", Fails.class, "a"), task("c", Touch.class, "b")))
        .watchedBy(watcher)
        .run(SharedSpark.session());

    assertThat(heard)
        .containsExactly(
            "a started", "a 3 in 1 out", "a Succeeded", "b started", "b Failed", "c Skipped");
  }

  @Test
  void aMainClassThatIsNoJobIsRefusedBeforeAnythingRuns() throws IOException {
    var workflow = write(task("a", Touch.class), task("b", String.class, "a"));

    assertThatThrownBy(() -> configured(workflow).run(SharedSpark.session()))
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_WORKFLOW))
        .hasMessageContaining("java.lang.String")
        .hasMessageContaining("task: b");
    assertThat(directory.resolve("a")).doesNotExist();
  }

  @Test
  void anOptionTheJobDoesNotHaveIsRefusedBeforeAnythingRuns() throws IOException {
    var workflow =
        write(
            task("a", Touch.class),
            """
            {"task_key": "b", "spark_jar_task":
              {"main_class_name": "%s", "parameters": ["--colour=red"]}}
            """
                .formatted(Touch.class.getName()));

    assertThatThrownBy(() -> configured(workflow).run(SharedSpark.session()))
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_OPTION))
        .hasMessageContaining("--colour");
    assertThat(directory.resolve("a")).doesNotExist();
  }

  private Map<String, Outcome> run(String... tasks) throws IOException {
    return configured(write(tasks)).run(SharedSpark.session());
  }

  private LocalRun configured(WorkflowFile workflow) {
    return LocalRun.of(workflow).parameters(Map.of("directory", directory.toString()));
  }

  private static String task(String key, Class<?> type, String... dependencies) {
    return """
        {"task_key": "%s", "depends_on": [%s], "spark_jar_task": {
          "main_class_name": "%s",
          "parameters": ["--directory={{job.parameters.directory}}", "--name", "%s", "--needs=%s"]}}
        """
        .formatted(
            key,
            Stream.of(dependencies)
                .map("{\"task_key\": \"%s\"}"::formatted)
                .collect(Collectors.joining(", ")),
            type.getName(),
            key,
            String.join(",", dependencies));
  }

  private WorkflowFile write(String... tasks) throws IOException {
    var json =
        """
        {"parameters": [{"name": "directory", "default": "unset"}], "tasks": [%s]}
        """
            .formatted(String.join(", ", tasks));
    return WorkflowFile.read(Files.writeString(directory.resolve("workflow.json"), json));
  }
}
