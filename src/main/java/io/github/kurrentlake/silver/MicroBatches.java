package io.github.kurrentlake.silver;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.table.Conflicts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Writes the micro-batches of one projection's stream: good rows to Silver, then the other events
 * to quarantine. Nothing is taken from the stream's own book-keeping: whether an event has landed
 * is asked of the two tables, so that a checkpoint may be lost, deleted or taken from a backup.
 *
 * <p>Events beyond all that has landed are new. Those of them that are good, nearly all, are read
 * and parsed once. The others, and events at or below, which come again or come in another order
 * than the log's, are then looked at closely and compared with both tables. A crash between the
 * tables leaves Silver with good rows; the batch then comes again, its good rows are found, and the
 * others are quarantined. A second run with the same declaration that writes at the same time loses
 * or wins each commit against this one, and neither writes what the other wrote.
 */
final class MicroBatches {
  /** What the batch's own statement raises, and no other: its text is ours. */
  private static final String NOT_ONLY_INSERTS = "kurrentlake: not only inserts";

  /** The count comes with the end of the write, or never when Spark needed no row for it. */
  private static final long PATIENCE_SECONDS = 5;

  private static final String IS_NEW = "is_new";
  private static final Column POSITION = functions.col("log_position");
  private static final Column IS_INSERT = functions.col("_change_type").equalTo("insert");

  /** As Bronze writes where a payload is found that was missing before. */
  private static final Column IS_FILLED = functions.col("_change_type").equalTo("update_postimage");

  private final ProjectionWriter writer;
  private final MovedCounts counts;

  /** All that landed before is at or below it, but for what other runs land meanwhile. */
  private OptionalLong reached = OptionalLong.empty();

  MicroBatches(ProjectionWriter writer, MovedCounts counts) {
    this.writer = writer;
    this.counts = counts;
  }

  /**
   * Lands one micro-batch.
   *
   * @param changes changes of Bronze, of any event types
   */
  void write(Dataset<Row> changes) {
    counts.events(
        Conflicts.retried(
            () -> {
              var greatest =
                  reached.orElseGet(() -> writer.greatestPosition(changes.sparkSession()));
              // Unknown until all of the batch has landed.
              reached = OptionalLong.empty();
              return landed(changes, greatest);
            }));
  }

  private long landed(Dataset<Row> changes, long greatest) {
    try {
      return landNew(changes, greatest);
    } catch (Exception e) {
      if (!isRaised(e)) {
        throw e;
      }
      // What was deleted and read again within one batch is in it twice.
      return landAgain(changes.filter(IS_INSERT))
          + landFilled(changes.filter(IS_FILLED).dropDuplicates("log_position"));
    }
  }

  private long landNew(Dataset<Row> changes, long greatest) {
    var inserts = changes.filter(IS_INSERT.or(raise()));
    var isNew = POSITION.gt(greatest).and(ProjectionWriter.IS_GOOD);
    var seen = new Observation();
    var rows =
        writer
            .parse(inserts)
            .select(functions.col("row"), POSITION, isNew.as(IS_NEW), PayloadParser.IS_EVENT)
            // Also keeps the filter from being evaluated below, with a second parse.
            .observe(
                seen,
                functions.count_if(PayloadParser.IS_EVENT).as("events"),
                functions.count_if(functions.not(functions.col(IS_NEW))).as("others"),
                functions.max(POSITION).as("last"))
            .filter(IS_NEW)
            .select("row.*");
    counts.rows(writer.landRows(rows, Positions.above(greatest)));
    var batch = observed(seen);
    if (batch.map(found -> found.get("others") > 0).orElse(true)) {
      var others = writer.parse(inserts).filter(functions.not(isNew));
      landAgain(others.select("log_position", "stream", "schema_name", "data"));
    }
    if (batch.isEmpty()) {
      return writer.parse(inserts).filter(PayloadParser.IS_EVENT).count();
    }
    var last = batch.get().get("last");
    reached = OptionalLong.of(last == null ? greatest : Math.max(greatest, last));
    return batch.get().get("events");
  }

  /** Lands events that may have landed before, may be here twice, or have errors. */
  private long landAgain(Dataset<Row> inserts) {
    var once = inserts.dropDuplicates("log_position").persist(StorageLevel.MEMORY_AND_DISK());
    try {
      var parsed = writer.parse(once);
      var spanned = Positions.of(parsed.filter(PayloadParser.IS_EVENT));
      if (spanned.events() > 0) {
        var range = spanned.positions();
        counts.rows(writer.land(writer.withoutHeld(parsed, range), range));
        counts.quarantined(writer.quarantine(parsed, range));
        landFilled(once);
      }
      return spanned.events();
    } finally {
      once.unpersist();
    }
  }

  /** Tries open events again, no position twice, whose payloads came to Bronze after them. */
  private long landFilled(Dataset<Row> events) {
    var moved = writer.attempt(writer.filled(events));
    counts.rows(moved.rowsOut());
    return moved.eventsIn();
  }

  private static Column raise() {
    return functions.raise_error(functions.lit(NOT_ONLY_INSERTS)).cast("BOOLEAN");
  }

  private static boolean isRaised(Throwable thrown) {
    return Causes.of(thrown)
        .anyMatch(
            cause ->
                cause instanceof SparkThrowable known
                    && known.getMessageParameters().containsValue(NOT_ONLY_INSERTS));
  }

  /** What the write saw of the batch, nulls too; empty where Spark does not tell. */
  static Optional<Map<String, Long>> observed(Observation seen) {
    // Spark's own future of it has another type in 4.1.
    var observed = new FutureTask<Map<String, Object>>(seen::getAsJava);
    var waiting = new Thread(observed, "kurrentlake-observation");
    waiting.setDaemon(true);
    waiting.start();
    try {
      Map<String, Long> found = new HashMap<>();
      observed
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .forEach((name, count) -> found.put(name, (Long) count));
      return Optional.of(found).filter(values -> !values.isEmpty());
    } catch (TimeoutException e) {
      observed.cancel(true);
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("what the write saw is unknown", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between Silver and quarantine", e);
    }
  }
}
