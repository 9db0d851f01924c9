package io.github.kurrentlake.bronze;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.source.LogEvent;
import io.github.kurrentlake.table.Table;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Tells whether KurrentDB's log is the one that Bronze was filled from, by the newest event that
 * Bronze holds. An event that KurrentDB no longer has, since it was scavenged and the index built
 * again, proves nothing; then the events before it tell: one of them must be there, and between
 * them none that Bronze does not know, but for events of legacy transactions, which may come late.
 */
final class KnownLog {
  private static final int SEVERAL = 100;

  private final SparkSession spark;
  private final Table events;
  private final BronzeOptions options;
  private final EventLog log;
  private final ErasedStreams erased;

  KnownLog(
      SparkSession spark, Table events, BronzeOptions options, EventLog log, ErasedStreams erased) {
    this.spark = spark;
    this.events = events;
    this.options = options;
    this.log = log;
    this.erased = erased;
  }

  /** Whether Bronze holds the event at a position. */
  boolean isStored(long position) {
    return !stored(position, position).takeAsList(1).isEmpty();
  }

  /**
   * Fails unless this log is the known one.
   *
   * @param newest the position of an event that Bronze holds
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-209 for another log, or one that
   *     went back
   */
  void require(long newest) {
    var found = log.events(newest - 1, newest, 1);
    if (!found.isEmpty()) {
      requireStored(found, events(stored(newest, newest)), newest);
      return;
    }
    var before =
        events(
            stored(Long.MIN_VALUE, newest)
                .orderBy(functions.col("log_position").desc())
                .limit(SEVERAL));
    var oldest = before.get(before.size() - 1).position();
    var around = log.events(oldest - 1, newest, SEVERAL + 1);
    if (around.isEmpty() || log.ofEverything().last() < newest) {
      throw alarm(newest, before.get(0), Optional.empty());
    }
    requireStored(notErased(around), before, newest);
  }

  private List<LogEvent> notErased(List<LogEvent> found) {
    var streams = erased.among(spark, found.stream().map(LogEvent::stream).toList());
    return found.stream().filter(event -> !streams.contains(event.stream())).toList();
  }

  private void requireStored(List<LogEvent> found, List<LogEvent> stored, long newest) {
    for (var event : found) {
      var known = stored.stream().filter(one -> one.position() == event.position()).findFirst();
      var cameLate = known.isEmpty() && event.isOfTransaction();
      if (!cameLate && known.filter(event::isSame).isEmpty()) {
        throw alarm(newest, known.orElse(stored.get(0)), Optional.of(event));
      }
    }
  }

  private RuntimeException alarm(long newest, LogEvent known, Optional<LogEvent> found) {
    return ErrorCode.SOURCE_WENT_BACK
        .error()
        .with("endpoint", options.kurrentdb().endpoint())
        .with("log_position", newest)
        .with("in Bronze", known)
        .with("in KurrentDB", found.map(Object::toString).orElse("no event"));
  }

  private Dataset<Row> stored(long from, long through) {
    var position = functions.col("log_position");
    return events
        .read(spark)
        .filter(position.geq(from).and(position.leq(through)))
        .filter(functions.col("category").equalTo(options.category()))
        .select(
            "log_position",
            "stream",
            "schema_name",
            "stream_revision",
            "created_at",
            "record_id",
            "commit_position");
  }

  private static List<LogEvent> events(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .map(
            row ->
                new LogEvent(
                    row.getLong(0),
                    row.getString(1),
                    row.getString(2),
                    row.isNullAt(3) ? OptionalLong.empty() : OptionalLong.of(row.getLong(3)),
                    row.<Timestamp>getAs(4).getTime(),
                    Optional.ofNullable(row.getString(5)).map(UUID::fromString),
                    !row.isNullAt(6)))
        .toList();
  }
}
