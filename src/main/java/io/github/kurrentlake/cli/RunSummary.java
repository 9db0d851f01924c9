package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.loans.LoanReport;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.workflow.Outcome;
import io.github.kurrentlake.workflow.WorkflowFile;
import io.github.kurrentlake.workflow.WorkflowTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.ExitCode;

/** What a run says at its end: what failed, or what Gold holds now and what to type next. */
final class RunSummary {
  private static final int ROWS = 5;
  private static final int COLUMNS = 5;
  private static final SqlTemplate BY_STATUS =
      SqlTemplate.beside(RunSummary.class, "loans_by_status.sql");
  private static final SqlTemplate TIME_TO_DECISION =
      SqlTemplate.beside(RunSummary.class, "time_to_decision.sql")
          .with("decision_seconds", LoanReport.DECISION_SECONDS);

  private final Launcher launcher;
  private final WorkflowFile workflow;
  private final PipelineOption pipeline;
  private final Path directory;

  RunSummary(Launcher launcher, WorkflowFile workflow, PipelineOption pipeline, Path directory) {
    this.launcher = launcher;
    this.workflow = workflow;
    this.pipeline = pipeline;
    this.directory = directory;
  }

  /** Prints it and gives the exit code. */
  int print(SparkSession spark, Map<String, Outcome> outcomes) {
    var out = launcher.out();
    out.println();
    if (outcomes.values().stream().allMatch(Outcome.Succeeded.class::isInstance)) {
      printNews(outcomes);
      printQuarantined(outcomes);
      if (pipeline.folder().isPresent()) {
        printGold(spark, pipeline.pipeline().lifecycle().table());
      } else {
        printLoans(spark);
      }
      printNext();
      out.flush();
      return ExitCode.OK;
    }
    out.flush();
    outcomes.forEach(
        (task, outcome) -> {
          if (outcome instanceof Outcome.Failed failed) {
            launcher.err().println("Task " + task + " failed.");
            Failures.print(launcher, Failures.known(failed.error(), ErrorCode.TASK_FAILED));
          }
        });
    launcher.err().println("What the other tasks wrote stays; run again to go on from there.");
    Failures.printLog(launcher);
    return ExitCode.SOFTWARE;
  }

  /** The first tasks of the workflow are those that read from KurrentDB. */
  private void printNews(Map<String, Outcome> outcomes) {
    var events =
        workflow.tasks().stream()
            .filter(task -> task.dependencies().isEmpty())
            .map(WorkflowTask::key)
            .map(outcomes::get)
            // What was read once more, as after a rewind, is not new.
            .mapToLong(outcome -> ((Outcome.Succeeded) outcome).report().rowsOut())
            .sum();
    launcher
        .out()
        .println(
            events == 0
                ? "Nothing new: the lakehouse already holds every event of this KurrentDB."
                : "%,d new %s.".formatted(events, events == 1 ? "event" : "events"));
  }

  private void printQuarantined(Map<String, Outcome> outcomes) {
    var events =
        outcomes.values().stream()
            .mapToLong(outcome -> ((Outcome.Succeeded) outcome).report().quarantined())
            .sum();
    if (events > 0) {
      launcher
          .out()
          .printf(
              "%,d %s could not be read; why: ./jobs/kurrentlake quarantine%s%n",
              events, events == 1 ? "event" : "events", lakehouseOption() + pipelineOption());
    }
  }

  private void printGold(SparkSession spark, TableDeclaration declaration) {
    var out = launcher.out();
    var gold = Lakehouse.at(directory).table(declaration).read(spark);
    out.println();
    out.printf(
        "%,d streams in %s, the first of them:%n", gold.count(), declaration.qualifiedName());
    var first =
        gold.select(
                Stream.concat(
                        declaration.columns().stream().map(Column::name).limit(COLUMNS),
                        Stream.of("stream"))
                    .distinct()
                    .map(functions::col)
                    .toArray(org.apache.spark.sql.Column[]::new))
            .orderBy("stream")
            .limit(ROWS);
    TablePrinter.to(out).indented("  ").body(first.schema(), first.collectAsList().iterator());
  }

  private void printLoans(SparkSession spark) {
    var out = launcher.out();
    var table = table("loan_lifecycle");
    var history = table("loan_status_history");
    if (Files.isDirectory(table.resolve("_delta_log"))) {
      var gold = spark.read().format("delta").load(table.toString()).cache();
      var names =
          Map.of(
              "gold", Sql.name("delta", table.toString()),
              "history", Sql.name("delta", history.toString()));
      out.println();
      out.printf("%,d loans in gold.loan_lifecycle:%n", gold.count());
      var byStatus = spark.sql(BY_STATUS.fill(names));
      TablePrinter.to(out)
          .indented("  ")
          .body(byStatus.schema(), byStatus.collectAsList().iterator());
      var decided = spark.sql(TIME_TO_DECISION.fill(names)).head();
      if (decided.getLong(0) > 0) {
        out.printf(
            "Half of the decided loans were decided within %s, nine in ten within %s.%n",
            time(decided.getDouble(1)), time(decided.getDouble(2)));
      }
      out.println();
      out.println("The first of them:");
      var first =
          gold.select("loan_request_id", "name", "amount", "age_binned", "score", "laststatus")
              .orderBy(functions.col("loan_requested_timestamp").asc_nulls_last())
              .limit(ROWS);
      TablePrinter.to(out).indented("  ").body(first.schema(), first.collectAsList().iterator());
      gold.unpersist();
    }
  }

  private void printNext() {
    var out = launcher.out();
    out.println();
    out.println("Lakehouse: " + directory);
    out.println("Next:");
    out.println(
        pipeline.folder().isPresent()
            ? "  ./jobs/kurrentlake query%s \"SELECT * FROM %s LIMIT 10\""
                .formatted(
                    lakehouseOption(), pipeline.pipeline().lifecycle().table().qualifiedName())
            : "  ./jobs/kurrentlake query%s \"SELECT laststatus, avg(amount) FROM gold.loan_lifecycle"
                    .formatted(lakehouseOption())
                + " GROUP BY laststatus\"");
    out.println("  ./jobs/kurrentlake run      again: only new events move");
    out.println("  ./jobs/kurrentlake --help   what else there is");
  }

  private Path table(String name) {
    return directory.resolve("gold").resolve(name);
  }

  private static String time(double seconds) {
    var duration = Duration.ofMillis(Math.round(seconds * 1000));
    if (duration.toMinutes() < 2) {
      return "%.1f s".formatted(seconds);
    }
    return duration.toHours() < 2
        ? duration.toMinutes() + " min"
        : "%.1f h".formatted(seconds / 3600);
  }

  private String pipelineOption() {
    return pipeline.folder().map(folder -> " --pipeline " + folder).orElse("");
  }

  private String lakehouseOption() {
    return directory.equals(Path.of("lakehouse").toAbsolutePath().normalize())
        ? ""
        : " --lakehouse " + directory;
  }
}
