package io.github.kurrentlake.bronze;

import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The position of one pipeline in {@code ops.ingest_hwm}. */
final class HighWaterMark {
  private static final SqlTemplate RAISE = SqlTemplate.beside(HighWaterMark.class, "raise_hwm.sql");

  private final SparkSession spark;
  private final Table table;
  private final String pipeline;

  HighWaterMark(SparkSession spark, Table table, String pipeline) {
    this.spark = spark;
    this.table = table;
    this.pipeline = pipeline;
  }

  /** The position; empty when the pipeline has never run. */
  OptionalLong position() {
    var rows =
        table
            .read(spark)
            .filter(functions.col("pipeline_name").equalTo(pipeline))
            .agg(functions.max("last_position"))
            .collectAsList();
    var position = rows.get(0);
    return position.isNullAt(0) ? OptionalLong.empty() : OptionalLong.of(position.getLong(0));
  }

  /** Raises the position; a lower one than is stored changes nothing. */
  void raise(long position) {
    spark.sql(
        RAISE.fill(
            Map.of(
                "hwm", table.sqlName(),
                "pipeline", Sql.literal(pipeline),
                "position", position)));
  }
}
