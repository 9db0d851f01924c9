package io.github.kurrentlake.bench;

import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableSession;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.apache.spark.sql.SparkSession;

/** Five Silver streams at once in one session, as the workflow's tasks on one cluster. */
final class SilverStreams {
  private final SparkSession spark;
  private final Path lakehouse;

  SilverStreams(SparkSession spark, Path lakehouse) {
    this.spark = spark;
    this.lakehouse = lakehouse;
  }

  /** Runs the tasks over all of Bronze. */
  void ours() {
    atOnce(
        Loans.projections().stream()
            .map(one -> (Runnable) () -> Loans.of(spark, Lakehouse.at(lakehouse)).project(one))
            .toList());
  }

  /** Runs the guide's notebooks over all of Bronze. */
  void guide() {
    var session = TableSession.of(spark);
    atOnce(
        GuideSilver.NOTEBOOKS.stream()
            .map(notebook -> (Runnable) () -> notebook.run(session, lakehouse))
            .toList());
  }

  /** The number of rows that either has written. */
  long rows() {
    return GuideSilver.NOTEBOOKS.stream()
        .map(notebook -> notebook.silver(lakehouse))
        .mapToLong(silver -> spark.read().format("delta").load(silver).count())
        .sum();
  }

  private void atOnce(List<Runnable> streams) {
    var threads = Executors.newFixedThreadPool(streams.size());
    try {
      var running =
          streams.stream()
              .map(stream -> CompletableFuture.runAsync(() -> active(stream), threads))
              .toList();
      running.forEach(CompletableFuture::join);
    } finally {
      threads.shutdown();
    }
  }

  /** Delta looks its session up by the thread. */
  private void active(Runnable stream) {
    SparkSession.setActiveSession(spark);
    stream.run();
  }
}
