package io.github.kurrentlake.lakebase.ingest;

import static io.github.kurrentlake.table.Column.required;
import static org.apache.spark.sql.functions.col;

import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Shows how far the streams have come. One row is one Bronze table; nothing reads it but people:
 * the truth is what the Bronze table's own commits note. A run that dies before it writes here is
 * shown by the next.
 */
final class CheckpointMirror {
  static final TableDeclaration CHECKPOINTS =
      TableDeclaration.table(
              "ops", "lakebase_checkpoints", "One row per Postgres table: how far it was read")
          .columns(
              List.of(
                  required("source_id", "STRING", "The Bronze table"),
                  required("source_table", "STRING", "The table in Postgres"),
                  required("mode", "STRING", "How the stream finds what is new"),
                  required("position", "STRING", "The stream's offset, JSON"),
                  required("system_identifier", "STRING", "The Postgres cluster"),
                  required("rows", "BIGINT", "Rows in the Bronze table"),
                  required("updated_at", "TIMESTAMP", "When the position last moved, UTC")))
          .reliableKey("source_id");

  private static final SqlTemplate MERGE =
      SqlTemplate.beside(CheckpointMirror.class, "mirror_checkpoint.sql");

  private CheckpointMirror() {}

  /** Writes the row unless it says so already, so that an idle run commits nothing. */
  static void show(SparkSession spark, IngestOptions options, String position, long rows) {
    var table = options.lakehouse().ensure(spark, CHECKPOINTS);
    var id = "bronze." + options.bronze();
    var isShown =
        !table
            .read(spark)
            .filter(
                col("source_id")
                    .equalTo(id)
                    .and(col("position").equalTo(position))
                    .and(col("rows").equalTo(rows)))
            .isEmpty();
    if (!isShown) {
      spark.sql(
          MERGE.fill(
              Map.of(
                  "checkpoints", table.sqlName(),
                  "source_id", Sql.literal(id),
                  "source_table", Sql.literal(options.table().toString()),
                  "mode", Sql.literal(options.mode().name()),
                  "position", Sql.literal(position),
                  "rows", rows)));
    }
  }
}
