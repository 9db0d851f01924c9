package io.github.kurrentlake.job;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.LakehouseSettings;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.slf4j.LoggerFactory;

/**
 * {@code ops.task_runs}: what each task did, also when it failed. A task that was killed has no
 * row. The row is the last thing that is written; that it could not be written fails no task, and
 * is said on its last line.
 */
public final class TaskRuns {
  /** A row is one run of one task; the key is {@code run_id} with {@code task}. */
  public static final TableDeclaration TABLE =
      TableDeclaration.table("ops", "task_runs", "One row per run of a task that came to its end")
          .columns(
              List.of(
                  required(
                      "run_id",
                      "STRING",
                      "Databricks' job run, or a UUID elsewhere; of a round with /NUMBER"),
                  required(
                      "task",
                      "STRING",
                      "Simple name of the main class, or of a pipeline in a folder NAME: TABLE"),
                  required("version", "STRING", "Version of the jar"),
                  required("started_at", "TIMESTAMP", "When it began, UTC"),
                  required("seconds", "DOUBLE", "How long it took"),
                  required("outcome", "STRING", "succeeded or failed"),
                  optional("error_code", "STRING", "KL-..., of a task that failed"),
                  optional("events_in", "BIGINT", "Events read; null of a task that failed"),
                  optional("rows_out", "BIGINT", "Rows written"),
                  optional("quarantined", "BIGINT", "Events put into quarantine"),
                  optional("notes", "ARRAY<STRING>", "What else its last line says"),
                  optional("position_before", "BIGINT", "High-water mark that it began at"),
                  optional("position_after", "BIGINT", "High-water mark that it reached"),
                  optional(
                      "oldest_event_at",
                      "TIMESTAMP",
                      "When KurrentDB wrote the first event that it read, UTC")))
          .key("run_id", "task");

  /** The outcome of a run that did not fail. */
  public static final String SUCCEEDED = "succeeded";

  /**
   * A query of {@code ${task_runs}} for the runs of workflows: a row per run that read new events,
   * with {@code began_at}, {@code seconds} until its last task ended, {@code oldest_event_seconds}
   * until then since the first of the events was written, and {@code events}.
   */
  public static final SqlTemplate RUNS = SqlTemplate.beside(TaskRuns.class, "runs.sql");

  private static final double NANOS = 1e9;

  private final Job job;
  private final SparkSession spark;
  private final Settings settings;
  private final String ownId = UUID.randomUUID().toString();
  private final Map<String, Exception> unnoted = new TreeMap<>();
  private Instant startedAt = Instant.now();
  private long startedNanos = System.nanoTime();
  private long rounds;

  private TaskRuns(Job job, SparkSession spark, Settings settings) {
    this.job = job;
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Runs a task and notes the run in the lakehouse of its settings, if they name one.
   *
   * @return what the task did, with a note when that could not be written down
   */
  public static JobReport run(Job job, SparkSession spark, Settings settings, Progress progress) {
    return new TaskRuns(job, spark, settings).run(progress);
  }

  private JobReport run(Progress progress) {
    JobReport report;
    try {
      report = job.run(spark, settings, new NotedRounds(progress));
    } catch (Throwable e) {
      if (rounds > 0) {
        // It failed in the next one.
        rounds++;
      }
      note(Optional.empty(), Optional.of(JobMain.known(e)));
      unnoted.values().forEach(e::addSuppressed);
      throw e;
    }
    if (rounds == 0) {
      note(Optional.of(report), Optional.empty());
    }
    var notes = new ArrayList<>(report.notes());
    unnoted.keySet().forEach(code -> notes.add("ops.task_runs could not be written: " + code));
    return report.noting(notes);
  }

  /** Writes the row, and keeps what prevented it, once for each reason. */
  private void note(Optional<JobReport> report, Optional<KurrentlakeException> error) {
    try {
      LakehouseSettings.find(settings).ifPresent(lakehouse -> write(lakehouse, report, error));
    } catch (Exception e) {
      LoggerFactory.getLogger(TaskRuns.class).warn("This run is not noted", e);
      unnoted.putIfAbsent(JobMain.known(e).code().code(), e);
    }
  }

  /** A row for each round of a job that goes on and on, and none for all of them. */
  private final class NotedRounds implements Progress {
    private final Progress whole;

    NotedRounds(Progress whole) {
      this.whole = whole;
    }

    @Override
    public void reached(long eventsIn, long rowsOut) {
      whole.reached(eventsIn, rowsOut);
    }

    @Override
    public void passed(Phase phase) {
      whole.passed(phase);
    }

    @Override
    public void round(JobReport report, Duration took) {
      rounds++;
      // Not since the last one: it may have waited for events.
      startedAt = Instant.now().minus(took);
      startedNanos = System.nanoTime() - took.toNanos();
      note(Optional.of(report), Optional.empty());
      startedAt = Instant.now();
      startedNanos = System.nanoTime();
      whole.round(report, took);
    }
  }

  private String runId() {
    var id = settings.find(LakehouseSettings.RUN_ID).orElse(ownId);
    return rounds == 0 ? id : id + "/" + rounds;
  }

  private void write(
      Lakehouse lakehouse, Optional<JobReport> report, Optional<KurrentlakeException> error) {
    var session = TableSession.of(spark);
    var span = report.flatMap(JobReport::span);
    var row =
        RowFactory.create(
            runId(),
            job.name(settings),
            Version.OF_THE_JAR,
            Timestamp.from(startedAt),
            (System.nanoTime() - startedNanos) / NANOS,
            error.isPresent() ? "failed" : SUCCEEDED,
            error.map(known -> known.code().code()).orElse(null),
            report.map(JobReport::eventsIn).orElse(null),
            report.map(JobReport::rowsOut).orElse(null),
            report.map(JobReport::quarantined).orElse(null),
            report.map(done -> done.notes().toArray(String[]::new)).orElse(null),
            span.map(LogSpan::above).orElse(null),
            span.map(LogSpan::through).orElse(null),
            span.map(LogSpan::oldest).map(Timestamp::from).orElse(null));
    lakehouse.ensure(session, TABLE).append(session.createDataFrame(List.of(row), TABLE.rowType()));
  }
}
