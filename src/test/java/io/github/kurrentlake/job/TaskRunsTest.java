package io.github.kurrentlake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.LakehouseSettings;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskRunsTest {
  private static final SparkSession SPARK = SharedSpark.session();

  @TempDir private Path directory;

  /** A task that ends in one way. */
  private record Task(JobReport report) implements Job {
    @Override
    public List<Setting<?>> settings() {
      return LakehouseSettings.and();
    }

    @Override
    public JobReport run(SparkSession spark, Settings settings, Progress progress) {
      if (report.eventsIn() == 0) {
        throw ErrorCode.UNREACHABLE.error();
      }
      return report;
    }
  }

  @Test
  void eachRunIsARowAlsoOneThatFailed() {
    var done =
        new JobReport(7, 5, 2)
            .noting(List.of("something to know"))
            .spanning(Optional.of(new LogSpan(-1, 900, Instant.EPOCH)));
    assertThat(run(done, directory.resolve("lakehouse"), "--run-id=42")).isEqualTo(done);
    assertThatThrownBy(() -> run(JobReport.nothingNew(), directory.resolve("lakehouse")))
        .hasMessageContaining("KL-203");

    var rows =
        Lakehouse.at(directory.resolve("lakehouse"))
            .table(TaskRuns.TABLE)
            .read(SPARK)
            .orderBy("started_at")
            .collectAsList();
    assertThat(rows)
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.<Double>getAs("seconds")).isPositive());
    assertThat(values(rows.get(0)))
        .isEqualTo(
            "[42,Task,succeeded,null,7,5,2,ArraySeq(something to know),-1,900,"
                + "1970-01-01 00:00:00.0]");
    assertThat(values(rows.get(1)))
        .contains(",Task,failed,KL-203,null,null,null,null,null,null,null]");
  }

  /** Of one that goes on and on. */
  @Test
  void eachRoundIsARowAndTheRunOfThemAllIsNone() {
    var rounds =
        List.of(
            new JobReport(7, 5).spanning(Optional.of(new LogSpan(-1, 900, Instant.EPOCH))),
            new JobReport(1, 1).spanning(Optional.of(new LogSpan(900, 950, Instant.EPOCH))));
    var lakehouse = directory.resolve("lakehouse");
    var all = new JobReport(8, 6);
    Job ending = new Rounds(rounds, all);
    assertThat(TaskRuns.run(ending, SPARK, settings(ending, lakehouse), Progress.unwatched()))
        .isEqualTo(all);
    Job failing = new Rounds(rounds.subList(0, 1), JobReport.nothingNew());
    assertThatThrownBy(
            () -> TaskRuns.run(failing, SPARK, settings(failing, lakehouse), Progress.unwatched()))
        .hasMessageContaining("KL-203");

    assertThat(
            Lakehouse.at(lakehouse)
                .table(TaskRuns.TABLE)
                .read(SPARK)
                .orderBy("started_at")
                .selectExpr(
                    "run_id", "outcome", "events_in", "position_after", "round(seconds) = 3600")
                .collectAsList())
        .extracting(Row::toString)
        .containsExactly(
            "[42/1,succeeded,7,900,true]",
            "[42/2,succeeded,1,950,true]",
            "[42/1,succeeded,7,900,true]",
            "[42/2,failed,null,null,false]");
  }

  private record Rounds(List<JobReport> rounds, JobReport report) implements Job {
    @Override
    public List<Setting<?>> settings() {
      return LakehouseSettings.and();
    }

    @Override
    public JobReport run(SparkSession spark, Settings settings, Progress progress) {
      rounds.forEach(round -> progress.round(round, Duration.ofHours(1)));
      return new Task(report).run(spark, settings, progress);
    }
  }

  private static Settings settings(Job job, Path lakehouse) {
    return Settings.parse(
        job.settings(), List.of("--run-id=42", "--catalog=" + lakehouse), Environment.ofProcess());
  }

  @Test
  void whatCannotBeNotedIsSaidAndChangesNoOutcome() throws IOException {
    var others = Files.createDirectories(directory.resolve("others"));
    Files.createFile(others.resolve("file"));

    assertThat(run(new JobReport(7, 5), others).notes())
        .containsExactly("ops.task_runs could not be written: KL-301");
    assertThatThrownBy(() -> run(JobReport.nothingNew(), others))
        .hasMessageContaining("KL-203")
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
  }

  private static String values(Row row) {
    return List.of(
            "run_id",
            "task",
            "outcome",
            "error_code",
            "events_in",
            "rows_out",
            "quarantined",
            "notes",
            "position_before",
            "position_after",
            "oldest_event_at")
        .stream()
        .map(column -> String.valueOf(row.<Object>getAs(column)))
        .toList()
        .toString()
        .replace(", ", ",");
  }

  private static JobReport run(JobReport report, Path lakehouse, String... more) {
    var job = new Task(report);
    var arguments = new java.util.ArrayList<>(List.of(more));
    arguments.add("--catalog=" + lakehouse);
    var settings = Settings.parse(job.settings(), arguments, Environment.ofProcess());
    return TaskRuns.run(job, SPARK, settings, Progress.unwatched());
  }
}
