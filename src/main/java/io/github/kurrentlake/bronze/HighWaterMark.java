package io.github.kurrentlake.bronze;

import io.github.kurrentlake.table.Commit;
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

  private static final SqlTemplate LOWER = SqlTemplate.beside(HighWaterMark.class, "lower_hwm.sql");

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

  /** What the commit of a batch is noted with. */
  String note(long position) {
    return begins() + position;
  }

  /**
   * The position that the last commit of a batch names; empty when there is none, or when the table
   * was restored since.
   */
  OptionalLong notedIn(Table events) {
    return Commit.notes(spark, events, begins()).stream()
        .limit(1)
        .filter(note -> !note.isEmpty())
        .mapToLong(note -> Long.parseLong(note.substring(begins().length())))
        .findFirst();
  }

  private String begins() {
    return "%s %s reached ".formatted(Commit.OURS, pipeline);
  }

  /** Lowers the position to what Bronze holds; it is what the table says that is mended. */
  void lower(long position) {
    set(LOWER, position);
  }

  /** Raises the position; a lower one than is stored changes nothing. */
  void raise(long position) {
    set(RAISE, position);
  }

  private void set(SqlTemplate statement, long position) {
    spark.sql(
        statement.fill(
            Map.of(
                "hwm", table.sqlName(),
                "pipeline", Sql.literal(pipeline),
                "position", position)));
  }
}
