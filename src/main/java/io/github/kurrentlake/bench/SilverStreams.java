package io.github.kurrentlake.bench;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.loans.SilverAutomatedSummary;
import io.github.kurrentlake.loans.SilverCreditChecked;
import io.github.kurrentlake.loans.SilverLoanAutoDecisioned;
import io.github.kurrentlake.loans.SilverLoanManualDecisioned;
import io.github.kurrentlake.loans.SilverLoanRequested;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableSession;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Five Silver streams at once in one session, as the workflow's tasks on one cluster. */
final class SilverStreams {
  private static final List<BiFunction<SparkSession, Lakehouse, JobReport>> TASKS =
      List.of(
          SilverLoanRequested::project,
          SilverCreditChecked::project,
          SilverLoanAutoDecisioned::project,
          SilverLoanManualDecisioned::project,
          SilverAutomatedSummary::project);

  private final SparkSession spark;
  private final Path lakehouse;

  SilverStreams(SparkSession spark, Path lakehouse) {
    this.spark = spark;
    this.lakehouse = lakehouse;
  }

  /** Runs the tasks over all of Bronze; gives the number of rows written. */
  long ours() {
    return atOnce(
        TASKS.stream()
            .map(
                task -> (Supplier<Long>) () -> task.apply(spark, Lakehouse.at(lakehouse)).rowsOut())
            .toList());
  }

  /** Runs the guide's notebooks over all of Bronze; gives the number of rows written. */
  long guide() {
    var session = TableSession.of(spark);
    return atOnce(
        GuideSilver.NOTEBOOKS.stream()
            .map(notebook -> (Supplier<Long>) () -> notebook.run(session, lakehouse))
            .toList());
  }

  private long atOnce(List<Supplier<Long>> streams) {
    var threads = Executors.newFixedThreadPool(streams.size());
    try {
      var running =
          streams.stream()
              .map(stream -> CompletableFuture.supplyAsync(() -> active(stream), threads))
              .toList();
      return running.stream().mapToLong(CompletableFuture::join).sum();
    } finally {
      threads.shutdown();
    }
  }

  /** Delta looks its session up by the thread. */
  private long active(Supplier<Long> stream) {
    SparkSession.setActiveSession(spark);
    return stream.get();
  }
}
