package io.github.kurrentlake.bronze;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.LogSpan;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.source.KurrentDbSource;
import io.github.kurrentlake.source.PositionRange;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Brings the events above the high-water mark into {@code bronze.events} until the log is drained.
 *
 * <p>Per batch: the end is fixed by a question to KurrentDB's index, the events are read in
 * parallel and merged in one commit, then the high-water mark is raised. Whatever line the process
 * dies at, the next run starts at the mark and merges what is missing: a commit that was made, or
 * whose outcome was never learnt, is found by its positions and inserts nothing twice.
 *
 * <p>Events of {@link ErasedStreams} are left out.
 *
 * <p>Only one run should write at a time; of two, each loses or wins a commit against the other,
 * and nothing is written twice.
 */
public final class Bronze {
  private static final SqlTemplate FILL = SqlTemplate.beside(Bronze.class, "fill_payloads.sql");

  /** What is read of an event; saying so spares a question to KurrentDB per batch. */
  private static final String COLUMNS_READ =
      "log_position BIGINT, commit_position BIGINT, stream_revision BIGINT, created_at TIMESTAMP,"
          + " stream STRING, schema_name STRING, category STRING, schema_id STRING,"
          + " schema_format STRING, record_id BINARY, data STRING, metadata STRING";

  /** Below every position; the guide's 0 would leave out an event at 0. */
  private static final long BEFORE_THE_LOG = -1;

  /** The guide's position of a pipeline that has read nothing. */
  private static final long EMPTY = 0;

  /** A batch's questions need little memory. */
  private static final long QUESTION_MEMORY = 64L << 20;

  /**
   * What Parquet need not do for text that never repeats: build a dictionary that it then throws
   * away, and compare every value to keep a minimum and maximum that tell nothing.
   */
  private static final Map<String, String> PARQUET =
      Stream.of("data", "metadata", "record_id")
          .flatMap(
              column ->
                  Stream.of("parquet.enable.dictionary#", "parquet.column.statistics.enabled#")
                      .map(setting -> setting + column))
          .collect(Collectors.toUnmodifiableMap(Function.identity(), setting -> "false"));

  private final SparkSession spark;
  private final BronzeOptions options;
  private final Progress progress;
  private final Table events;
  private final HighWaterMark hwm;
  private final ErasedStreams erased;

  /** What was found amiss, and mended. */
  private final List<String> amiss = new ArrayList<>();

  /** Payloads that Bronze lacked and that were there when their events were read again. */
  private long filled;

  private Bronze(SparkSession spark, BronzeOptions options, Progress progress) {
    this.spark = spark;
    PARQUET.forEach(spark.conf()::set);
    this.options = options;
    this.progress = progress;
    this.events = options.lakehouse().ensure(spark, BronzeTables.EVENTS);
    this.hwm =
        new HighWaterMark(
            spark, options.lakehouse().ensure(spark, BronzeTables.INGEST_HWM), options.pipeline());
    this.erased = ErasedStreams.of(spark, options.lakehouse());
    progress.passed(Phase.BRONZE_OPENED);
  }

  /**
   * Runs until no event is left.
   *
   * @return events read, and rows that were new in Bronze
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-201 to KL-209 for what KurrentDB
   *     refuses, KL-301, KL-304 and KL-310 for the tables
   */
  public static JobReport ingest(SparkSession caller, BronzeOptions options, Progress progress) {
    return new Bronze(TableSession.of(caller), options, progress).drain();
  }

  /**
   * The position up to which all events of the log should be in Bronze: the high-water mark, or the
   * last event that a run has stored before it raised the mark; -1 before the first run.
   */
  public static long reached(SparkSession session, BronzeOptions options) {
    var bronze = new Bronze(session, options, Progress.unwatched());
    return Math.max(bronze.hwm.position().orElse(BEFORE_THE_LOG), bronze.lastStored());
  }

  /**
   * Reads parts of the log again: what Bronze does not have is inserted, a payload that it does not
   * have is filled, and nothing else is touched. It can be repeated.
   *
   * @return events read, and rows that were new in Bronze
   */
  public static JobReport readAgain(
      SparkSession caller, BronzeOptions options, List<PositionRange> ranges, Progress progress) {
    return new Bronze(TableSession.of(caller), options, progress).readAgain(ranges);
  }

  /**
   * Takes events from another Bronze: those that this one does not have, and payloads that it does
   * not have. It can be repeated.
   *
   * @param others rows of {@code bronze.events} in a session of {@link TableSession}
   * @return rows that were new
   */
  public static long takeOver(Lakehouse lakehouse, Dataset<Row> others) {
    var spark = others.sparkSession();
    PARQUET.forEach(spark.conf()::set);
    var events = lakehouse.ensure(spark, BronzeTables.EVENTS);
    var rows = others.drop("event_date");
    return Conflicts.retried(
            () -> events.insertNew(rows, BEFORE_THE_LOG, Long.MAX_VALUE, FILL.fill(Map.of())))
        .inserted();
  }

  private JobReport readAgain(List<PositionRange> ranges) {
    var read = 0L;
    var written = 0L;
    for (var range : ranges) {
      written += Conflicts.retried(() -> merge(range, Commit.OURS));
      read += range.events();
    }
    return new JobReport(read, written).noting(notes());
  }

  private JobReport drain() {
    try (var connection = options.kurrentdb().connect(QUESTION_MEMORY)) {
      var log = new EventLog(connection, options.category());
      var begin = overlapped(start(log));
      var read = 0L;
      var written = 0L;
      var batch = log.next(begin, options.batchSize());
      var span = batch.map(first -> span(log, begin, first));
      while (batch.isPresent()) {
        var range = batch.get();
        progress.passed(Phase.BATCH_PLANNED);
        written += Conflicts.retried(() -> merge(range, hwm.note(range.through())));
        Conflicts.retried(() -> raise(range.through()));
        read += range.events();
        span = span.map(part -> new LogSpan(begin, range.through(), part.oldest()));
        progress.reached(read, written);
        // A batch that is not full was the log's end; what arrives meanwhile is the next run's.
        batch =
            range.events() < options.batchSize()
                ? Optional.empty()
                : log.next(range.through(), options.batchSize());
      }
      return new JobReport(read, written).noting(notes()).spanning(span);
    }
  }

  private static LogSpan span(EventLog log, long above, PositionRange range) {
    var first = log.events(above, range.through(), 1).get(0);
    return new LogSpan(above, range.through(), Instant.ofEpochMilli(first.createdAt()));
  }

  /**
   * Where to begin: the high-water mark, once the log is known to be the one that Bronze was filled
   * from. Where Bronze holds no event at the mark, the mark was set back to any number, or Bronze
   * was emptied or restored: reading begins at the mark or at Bronze's own end, whichever comes
   * first. Without a mark it begins with the log.
   */
  private long start(EventLog log) {
    var mark = mark();
    var known = new KnownLog(spark, events, options, log, erased);
    if (mark > 0 && known.isStored(mark)) {
      known.require(mark);
      return mark;
    }
    var last = lastStored();
    if (last == BEFORE_THE_LOG) {
      requireEvents(log);
      requireLogOfOthers(log);
    } else {
      known.require(last);
    }
    if (mark > Math.max(last, EMPTY)) {
      hwm.lower(Math.max(last, EMPTY));
      amiss.add(
          "ops.ingest_hwm said %d and bronze.events ends at %d: read from there on"
              .formatted(mark, last));
    }
    return mark > 0 ? Math.min(mark, last) : BEFORE_THE_LOG;
  }

  /**
   * Below a position by the overlap; a range below it is found to be read, and is only filled up.
   */
  private long overlapped(long position) {
    return Math.max(BEFORE_THE_LOG, position - options.overlap());
  }

  /**
   * The high-water mark. A pipeline that {@code ops.ingest_hwm} does not know gets the position
   * that Bronze's own commits name, unless Bronze was restored since.
   */
  private long mark() {
    var stored = hwm.position();
    var mark = stored.isPresent() ? stored : hwm.notedIn(events);
    if (stored.isEmpty() && mark.isPresent()) {
      raise(mark.getAsLong());
      amiss.add(
          "ops.ingest_hwm did not know the pipeline: set to %d, which bronze.events has reached"
              .formatted(mark.getAsLong()));
    }
    return mark.orElse(BEFORE_THE_LOG);
  }

  private List<String> notes() {
    if (filled > 0) {
      amiss.add("%d payloads that were missing in Bronze were there now".formatted(filled));
    }
    return amiss;
  }

  private void requireEvents(EventLog log) {
    if (log.next(BEFORE_THE_LOG, 1).isEmpty() && !log.isEmpty()) {
      throw ErrorCode.UNKNOWN_CATEGORY
          .error()
          .with("category", options.category())
          .with("endpoint", options.kurrentdb().endpoint());
    }
  }

  /** Positions are keys for all categories in Bronze: they must be of one log. */
  private void requireLogOfOthers(EventLog log) {
    var newest =
        events
            .read(spark)
            .select("category", "log_position")
            .orderBy(functions.col("log_position").desc())
            .takeAsList(1);
    for (var other : newest) {
      var category = other.getString(0);
      new KnownLog(spark, events, options.of(category), log.of(category), erased)
          .require(other.getLong(1));
    }
  }

  /** The greatest position of the category in Bronze. */
  private long lastStored() {
    var last =
        events
            .read(spark)
            .filter(functions.col("category").equalTo(options.category()))
            .agg(functions.max("log_position"))
            .collectAsList()
            .get(0);
    return last.isNullAt(0) ? BEFORE_THE_LOG : last.getLong(0);
  }

  private long merge(PositionRange range, String note) {
    var whenMatched = wasRead(range) ? FILL.fill(Map.of()) : "";
    spark.conf().set(Commit.USER_METADATA, note);
    var merged = events.insertNew(rows(range), range.above(), range.through(), whenMatched);
    filled += merged.updated();
    progress.passed(Phase.BATCH_MERGED);
    return merged.inserted();
  }

  private void raise(long position) {
    hwm.raise(position);
    progress.passed(Phase.MARK_RAISED);
  }

  /** Whether events of a range are in Bronze, so that this is not the first time it is read. */
  private boolean wasRead(PositionRange range) {
    var position = functions.col("log_position");
    return !events
        .read(spark)
        .filter(position.gt(range.above()).and(position.leq(range.through())))
        .isEmpty();
  }

  private Dataset<Row> rows(PositionRange range) {
    var read =
        spark
            .read()
            .format(KurrentDbSource.NAME)
            .schema(COLUMNS_READ)
            .options(options.kurrentdb().options())
            .option("category", options.category())
            .option("startingPosition", range.above())
            .option("endingPosition", range.through())
            .load();
    return erased
        .leaveOut(read)
        .withColumn("record_id", RecordId.uuid(functions.col("record_id")))
        .withColumn("ingested_at", functions.current_timestamp());
  }
}
