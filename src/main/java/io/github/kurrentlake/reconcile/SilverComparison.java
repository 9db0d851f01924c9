package io.github.kurrentlake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.github.kurrentlake.reconcile.Finding.Kind;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.silver.PayloadParser;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Fingerprint;
import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * {@code bronze.events} against a Silver table with the quarantine of its projection: every event
 * of its types is in one of them, once. By a count and a hash of the positions; where these differ,
 * by the positions. With payloads, the rows are also made again and compared.
 */
record SilverComparison(
    SparkSession spark, Table bronze, Table silver, Table quarantine, Projection projection) {

  /**
   * @param reached the number of the commit of Bronze that the projection's task has come to; empty
   *     when it is not known, so that all of Bronze counts
   */
  Comparison compare(long above, long through, OptionalLong reached, ReconcileOptions options) {
    var end = Math.min(through, reached.isPresent() ? lastIn(reached.getAsLong()) : through);
    var expected = events(above, end);
    var landed = landed(above, end);
    var expectedTotal = total(expected);
    var landedTotal = total(landed);
    var positions =
        expectedTotal.equals(landedTotal)
            ? List.<Finding>of()
            : Differences.of(
                spark, expected.dropDuplicates("log_position"), landed, Kind.UNEXPECTED);
    var values =
        options.payloads() == Payloads.ALL ? altered(above, end, options) : List.<Finding>of();
    return new Comparison(
        silver.name().toString(),
        above,
        end,
        expectedTotal.getLong(0),
        landedTotal.getLong(0),
        end < through ? events(end, through).count() : 0,
        Stream.concat(positions.stream(), values.stream()).toList());
  }

  /** The last position in Bronze as it was at a commit; all if Delta no longer has that. */
  private long lastIn(long version) {
    if (bronze.lastChange(spark).version() <= version) {
      return Long.MAX_VALUE;
    }
    var last = bronze.asOfVersion(spark, version).agg(expr("max(log_position)")).head();
    return last.isNullAt(0) ? Long.MIN_VALUE : last.getLong(0);
  }

  private static Row total(Dataset<Row> events) {
    return events
        .agg(
            expr("count(*)"),
            expr("coalesce(sum(CAST(xxhash64(log_position) AS DECIMAL(38, 0))), 0)"))
        .head();
  }

  private Dataset<Row> events(long above, long through) {
    return within(bronze.read(spark), above, through)
        .filter(projection.takes())
        .select(
            col("log_position"),
            expr("CAST(unix_date(CAST(created_at AS DATE)) AS BIGINT)").as("day"),
            col("schema_name"),
            lit(0L).as("fingerprint"));
  }

  private Dataset<Row> landed(long above, long through) {
    var held =
        quarantine
            .read(spark)
            .filter(col("projection").equalTo(projection.name()))
            .filter(col("state").notEqual(QuarantineTable.RESOLVED));
    return position(within(projection.silverEvents(silver.read(spark)), above, through))
        .unionAll(position(within(held, above, through)));
  }

  private static Dataset<Row> position(Dataset<Row> rows) {
    return rows.select(
        col("log_position"),
        expr("CAST(NULL AS BIGINT)").as("day"),
        expr("CAST(NULL AS STRING)").as("schema_name"),
        lit(0L).as("fingerprint"));
  }

  /** The rows of Silver that are not what the declaration makes of their events now. */
  private List<Finding> altered(long above, long through, ReconcileOptions options) {
    var parser = new PayloadParser(projection, options.zone());
    var columns =
        projection.table().columns().stream()
            .map(column -> col(column.name()))
            .toArray(Column[]::new);
    var made =
        parser
            .parse(within(bronze.read(spark), above, through).filter(projection.takes()))
            .filter("size(errors) = 0")
            .select("row.*");
    var stored = within(silver.read(spark), above, through);
    return Differences.of(
            spark, fingerprints(made, columns), fingerprints(stored, columns), Kind.UNEXPECTED)
        .stream()
        // Events of quarantine are in neither, or are there for want of another attempt.
        .filter(finding -> finding.kind() == Kind.ALTERED)
        .toList();
  }

  /** Of the rows of an event that are several, a sum. */
  private Dataset<Row> fingerprints(Dataset<Row> rows, Column[] columns) {
    var each =
        rows.select(
            col("log_position"),
            expr("CAST(NULL AS BIGINT)").as("day"),
            lit(projection.name()).as("schema_name"),
            Fingerprint.of(columns).as("fingerprint"));
    return projection.isExploding()
        ? each.groupBy("log_position", "day", "schema_name")
            .agg(
                expr("CAST(sum(CAST(fingerprint AS DECIMAL(38, 0))) % 1000000007 AS BIGINT)")
                    .as("fingerprint"))
        : each;
  }

  private static Dataset<Row> within(Dataset<Row> rows, long above, long through) {
    return rows.filter(col("log_position").gt(above).and(col("log_position").leq(through)));
  }
}
