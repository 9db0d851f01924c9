package io.github.kurrentlake.reconcile;

import io.github.kurrentlake.reconcile.Finding.Kind;
import io.github.kurrentlake.table.SqlTemplate;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Finds which events differ, once it is known that some do. */
final class Differences {
  private static final SqlTemplate DIFFERENCES =
      SqlTemplate.beside(Differences.class, "differences.sql");
  private static final String EXPECTED = "kurrentlake_expected_events";
  private static final String FOUND = "kurrentlake_found_events";

  private Differences() {}

  /**
   * @param expected {@code log_position}, {@code day}, {@code schema_name}, {@code fingerprint},
   *     each event once
   * @param found the same, as often as each is stored
   * @param surplus what an event is that is not expected
   */
  static List<Finding> of(
      SparkSession spark, Dataset<Row> expected, Dataset<Row> found, Kind surplus) {
    expected.createOrReplaceTempView(EXPECTED);
    found.createOrReplaceTempView(FOUND);
    return collect(
        spark.sql(
            DIFFERENCES.fill(
                Map.of("expected", EXPECTED, "found", FOUND, "surplus", surplus.name()))));
  }

  /**
   * Rows of {@code kind}, {@code day}, {@code what}, {@code events}, {@code first}, {@code last}.
   */
  static List<Finding> collect(Dataset<Row> differences) {
    return differences.collectAsList().stream().map(Differences::finding).toList();
  }

  private static Finding finding(Row row) {
    return new Finding(
        Kind.valueOf(row.getString(0)),
        row.isNullAt(1) ? Optional.empty() : Optional.of(LocalDate.ofEpochDay(row.getLong(1))),
        row.isNullAt(2) ? "" : row.getString(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5));
  }
}
