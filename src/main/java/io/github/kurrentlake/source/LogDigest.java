package io.github.kurrentlake.source;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What KurrentDB's index says of a category's events, in few rows: it is computed in the node, from
 * indexed columns only. A fingerprint of an event is 60 bits of the MD5 of its position, revision,
 * time, stream and type; a sum of fingerprints depends on no order, and notices what comes twice.
 */
public final class LogDigest {
  private static final String FINGERPRINT =
      "CAST('0x' || substr(md5(concat_ws('|', log_position, stream_revision, created_at, stream,"
          + " schema_name)), 1, 15) AS BIGINT)";

  /** Days since 1970 in UTC. */
  private static final String DAY = "created_at // 86400000";

  private static final String LATE = "CASE WHEN commit_position IS NOT NULL THEN log_position END";

  private final SparkSession spark;
  private final KurrentDb kurrentdb;
  private final Selection selection;

  private LogDigest(SparkSession spark, KurrentDb kurrentdb, Selection selection) {
    this.spark = spark;
    this.kurrentdb = kurrentdb;
    this.selection = selection;
  }

  /** Of the events of a category above a position and up to another. */
  public static LogDigest of(
      SparkSession spark, KurrentDb kurrentdb, String category, long above, long through) {
    return new LogDigest(spark, kurrentdb, Selection.category(category).within(above, through));
  }

  /**
   * A row per day and event type: {@code day} (since 1970, UTC), {@code schema_name}, {@code
   * events}, {@code hash}, the sum of their fingerprints, and of those that legacy transactions
   * wrote the number {@code late} and the positions {@code first_late} and {@code last_late}.
   */
  public Dataset<Row> byDay() {
    return ask(
        ("SELECT %s AS day, schema_name, count(*) AS events, sum(%s) AS hash,"
                + " count(commit_position) AS late, min(%s) AS first_late, max(%s) AS last_late"
                + " %s GROUP BY 1, 2")
            .formatted(DAY, FINGERPRINT, LATE, LATE, selection.sql()));
  }

  /**
   * The events of a type that lie above a position.
   *
   * @param mark the number of the position among those that were asked for
   * @param events how many there are
   * @param sinceMillis when the first of them was written, epoch milliseconds; 0 for none
   * @param all how many events of the type there are, also below
   */
  public record Waiting(int mark, String schemaName, long events, long sinceMillis, long all) {}

  /** For each event type and each of some positions what lies above it; one question. */
  public List<Waiting> waiting(List<Long> marks) {
    var columns =
        IntStream.range(0, marks.size())
            .mapToObj(
                mark ->
                    ", coalesce(sum(CASE WHEN log_position > %1$d THEN 1 END), 0) AS events%2$d,"
                            .formatted(marks.get(mark), mark)
                        + " min(CASE WHEN log_position > %1$d THEN created_at END) AS since%2$d"
                            .formatted(marks.get(mark), mark))
            .collect(Collectors.joining());
    var rows =
        ask("SELECT schema_name, count(*) AS all_events%s %s GROUP BY 1"
                .formatted(columns, selection.sql()))
            .collectAsList();
    return IntStream.range(0, marks.size())
        .boxed()
        .flatMap(mark -> rows.stream().map(row -> waiting(row, mark)))
        .toList();
  }

  private static Waiting waiting(Row row, int mark) {
    var since = row.<Number>getAs("since" + mark);
    return new Waiting(
        mark,
        row.getAs("schema_name"),
        row.<Number>getAs("events" + mark).longValue(),
        since == null ? 0 : since.longValue(),
        row.<Number>getAs("all_events").longValue());
  }

  /**
   * A row per event of some days: {@code log_position}, {@code day}, {@code schema_name}, {@code
   * stream}, {@code fingerprint}.
   */
  public Dataset<Row> events(Collection<Long> days) {
    return ask(
        "SELECT log_position, %s AS day, schema_name, stream, %s AS fingerprint %s"
            .formatted(DAY, FINGERPRINT, selection.and(Condition.isAnyOf(DAY, days)).sql()));
  }

  /** The fingerprint of a stored event with the same columns, in Spark SQL. */
  public static String fingerprintInSpark() {
    return "CAST(conv(substr(md5(concat_ws('|', CAST(log_position AS STRING),"
        + " CAST(stream_revision AS STRING), CAST(unix_millis(created_at) AS STRING), stream,"
        + " schema_name)), 1, 15), 16, 10) AS BIGINT)";
  }

  private Dataset<Row> ask(String statement) {
    return spark
        .read()
        .format(KurrentDbSource.NAME)
        .options(kurrentdb.options())
        .option(SourceOption.QUERY.name(), statement)
        .load();
  }
}
