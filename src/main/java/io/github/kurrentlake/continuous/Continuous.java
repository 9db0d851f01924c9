package io.github.kurrentlake.continuous;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.SideBySide;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * Follows the log: what the tasks of a workflow do once an hour is done again and again, Bronze
 * first, then all of Silver side by side, then Gold, by the same code and with the same guarantees.
 * A round in which Bronze gets nothing goes no further, but for the first.
 *
 * <p>It ends when it is asked to, after the round that is under way, or with the first error. It
 * may be killed at any moment, and hourly runs may go on where it stopped.
 */
public final class Continuous {
  private final SparkSession spark;
  private final BronzeOptions options;
  private final Lifecycle lifecycle;
  private final ZoneId zone;

  private Continuous(SparkSession spark, BronzeOptions options, Lifecycle lifecycle, ZoneId zone) {
    this.spark = spark;
    this.options = options;
    this.lifecycle = lifecycle;
    this.zone = zone;
  }

  /**
   * Follows the log until it is asked to end.
   *
   * @param zone of timestamps that name none
   * @param pause between two rounds of which the first found nothing new
   * @param limit after which no round begins, but for the first
   * @param termination asks it to end
   * @param listener is told of each round that moved something
   * @return what all rounds moved, with each of their notes once
   */
  public static JobReport run(
      SparkSession spark,
      BronzeOptions options,
      Lifecycle lifecycle,
      ZoneId zone,
      Duration pause,
      Optional<Duration> limit,
      Termination termination,
      Consumer<Round> listener) {
    return new Continuous(spark, options, lifecycle, zone)
        .run(pause, limit.map(Instant.now()::plus), termination, listener);
  }

  private JobReport run(
      Duration pause, Optional<Instant> end, Termination termination, Consumer<Round> listener) {
    var total = JobReport.nothingNew();
    for (var isFirst = true; goesOn(isFirst, end, termination); isFirst = false) {
      var begin = System.nanoTime();
      var bronze = Bronze.ingest(spark, options, Progress.unwatched());
      if (bronze.rowsOut() == 0 && bronze.notes().isEmpty() && !isFirst) {
        termination.await(pause.toMillis());
        continue;
      }
      var quarantined = 0L;
      Set<String> notes = new LinkedHashSet<>(bronze.notes());
      for (var silver : SideBySide.each(lifecycle.projections(), this::project)) {
        quarantined += silver.quarantined();
        notes.addAll(silver.notes());
      }
      var gold = Gold.refresh(spark, options.lakehouse(), lifecycle, Progress.unwatched());
      var report =
          new JobReport(bronze.eventsIn(), gold.rowsOut(), quarantined)
              .noting(List.copyOf(notes))
              .spanning(bronze.span());
      listener.accept(
          new Round(bronze.rowsOut(), report, Duration.ofNanos(System.nanoTime() - begin)));
      total = total.and(report);
    }
    return total;
  }

  private static boolean goesOn(boolean isFirst, Optional<Instant> end, Termination termination) {
    return !termination.isAsked() && (isFirst || end.filter(Instant.now()::isAfter).isEmpty());
  }

  private JobReport project(Projection projection) {
    return Silver.project(spark, options.lakehouse(), projection, zone, Progress.unwatched());
  }
}
