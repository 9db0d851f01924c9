package io.github.kurrentlake.source;

import java.util.Collection;
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
