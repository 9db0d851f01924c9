package io.github.kurrentlake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.reconcile.Finding.Kind;
import io.github.kurrentlake.source.LogDigest;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * KurrentDB's index against {@code bronze.events}: first a count and a hash per day and event type,
 * which KurrentDB computes; the events themselves only of days that differ.
 */
record BronzeComparison(SparkSession spark, BronzeOptions options, Table bronze) {
  private static final SqlTemplate TOTALS =
      SqlTemplate.beside(BronzeComparison.class, "totals.sql");
  private static final String EXPECTED = "kurrentlake_expected_days";
  private static final String FOUND = "kurrentlake_found_days";

  /** Events of legacy transactions: how many, and where the first and the last lie. */
  private record Late(long events, long first, long last) {

    Late and(long more, long begin, long end) {
      return new Late(events + more, Math.min(first, begin), Math.max(last, end));
    }

    List<Finding> findings() {
      return events == 0
          ? List.of()
          : List.of(
              new Finding(Kind.OF_TRANSACTIONS, Optional.empty(), "events", events, first, last));
    }
  }

  Comparison compare(long above, long through) {
    var digest = LogDigest.of(spark, options.kurrentdb(), options.category(), above, through);
    digest.byDay().createOrReplaceTempView(EXPECTED);
    stored(above, through)
        .groupBy("day", "schema_name")
        .agg(
            expr("count(*)").as("events"),
            expr("sum(CAST(fingerprint AS DECIMAL(38, 0)))").as("hash"))
        .createOrReplaceTempView(FOUND);
    var expected = 0L;
    var found = 0L;
    var days = new TreeSet<Long>();
    var late = new Late(0, Long.MAX_VALUE, Long.MIN_VALUE);
    for (var row :
        spark.sql(TOTALS.fill(Map.of("expected", EXPECTED, "found", FOUND))).collectAsList()) {
      expected += row.getLong(1);
      found += row.getLong(2);
      if (!row.getBoolean(3)) {
        days.add(row.getLong(0));
      }
      late = row.getLong(4) == 0 ? late : late.and(row.getLong(4), row.getLong(5), row.getLong(6));
    }
    var findings = new ArrayList<>(late.findings());
    if (!days.isEmpty()) {
      var erased = ErasedStreams.of(spark, options.lakehouse());
      var events = digest.events(days);
      findings.addAll(
          Differences.of(
              spark,
              erased.leaveOut(events),
              stored(above, through).filter(col("day").isInCollection(days)),
              Kind.ONLY_IN_BRONZE));
      if (!erased.isNone()) {
        var keptOut = erased(erased.only(events));
        findings.addAll(keptOut);
        expected -= keptOut.stream().mapToLong(Finding::events).sum();
      }
    }
    return new Comparison(bronze.name().toString(), above, through, expected, found, 0, findings);
  }

  private static List<Finding> erased(Dataset<Row> events) {
    return Differences.collect(
        events
            .agg(
                count(lit(1)).as("events"),
                min("log_position").as("first"),
                max("log_position").as("last"))
            .filter("events > 0")
            .select(
                lit(Kind.ERASED.name()),
                lit(null).cast("BIGINT"),
                lit("events"),
                col("events"),
                col("first"),
                col("last")));
  }

  private Dataset<Row> stored(long above, long through) {
    return bronze
        .read(spark)
        .filter(col("category").equalTo(options.category()))
        .filter(col("log_position").gt(above).and(col("log_position").leq(through)))
        .select(
            col("log_position"),
            expr("CAST(unix_date(CAST(created_at AS DATE)) AS BIGINT)").as("day"),
            col("schema_name"),
            expr(LogDigest.fingerprintInSpark()).as("fingerprint"));
  }
}
