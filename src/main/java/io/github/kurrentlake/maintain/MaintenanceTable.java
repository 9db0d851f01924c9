package io.github.kurrentlake.maintain;

import static io.github.kurrentlake.table.Column.required;
import static org.apache.spark.sql.functions.expr;

import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** {@code ops.maintenance}: what was done with each table, and when. */
public final class MaintenanceTable {
  /** A row is a table that was maintained; the key is {@code table_name, maintained_at}. */
  public static final TableDeclaration DECLARATION =
      TableDeclaration.table("ops", "maintenance", "One row per table and time it was maintained")
          .columns(
              List.of(
                  required("table_name", "STRING", "The table"),
                  required("maintained_at", "TIMESTAMP", "When, UTC"),
                  required("version", "BIGINT", "The table's last commit afterwards"),
                  required("action", "STRING", "optimized, or optimized and vacuumed"),
                  required("files_before", "BIGINT", "Files of the table before"),
                  required("bytes_before", "BIGINT", "Their bytes"),
                  required("files_after", "BIGINT", "Files of the table afterwards"),
                  required("bytes_after", "BIGINT", "Their bytes")))
          .key("table_name", "maintained_at");

  private final SparkSession spark;
  private final Table table;

  MaintenanceTable(SparkSession spark, Lakehouse lakehouse) {
    this.spark = spark;
    this.table = lakehouse.ensure(spark, DECLARATION);
  }

  /** By a table's name the number of its commit when it was maintained last. */
  Map<String, Long> lastVersions() {
    return table
        .read(spark)
        .groupBy("table_name")
        .agg(expr("max_by(version, maintained_at)"))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  void write(List<Maintained> tables, Instant at) {
    if (tables.isEmpty()) {
      return;
    }
    var rows =
        tables.stream()
            .map(
                one ->
                    RowFactory.create(
                        one.table(),
                        Timestamp.from(at),
                        one.version(),
                        one.action().toString(),
                        one.before().files(),
                        one.before().bytes(),
                        one.after().files(),
                        one.after().bytes()))
            .toList();
    table.append(spark.createDataFrame(rows, DECLARATION.rowType()));
  }
}
