package io.github.kurrentlake.bench;

import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The Bronze notebook of the guide, line by line in Java: a sorted slice of the log becomes rows on
 * the driver, which a MERGE compares with the whole table. An hourly notebook reads one slice; here
 * it runs again until the events are read.
 */
final class GuideBronze {
  private static final int BATCH_LIMIT = 50_000;
  private static final String PIPELINE = "kurrent_to_bronze";
  private static final StructType FETCHED =
      StructType.fromDDL(
          "stream STRING, category STRING, schema_name STRING, created_at TIMESTAMP, data STRING,"
              + " log_position BIGINT");

  private final SparkSession spark;
  private final PlainAdbc adbc;
  private final String category;
  private final Map<String, String> names;

  GuideBronze(SparkSession spark, NodeAddress node, String category, Path lakehouse) {
    this.spark = spark;
    this.adbc = new PlainAdbc(node, category);
    this.category = category;
    this.names =
        Map.of(
            "events", Sql.name("delta", lakehouse.resolve("bronze").resolve("events").toString()),
            "hwm", Sql.name("delta", lakehouse.resolve("ops").resolve("ingest_hwm").toString()),
            "pipeline", PIPELINE);
  }

  /** Makes the guide's tables. */
  void create() {
    spark.sql(template("guide_events.sql").fill(names));
    spark.sql(template("guide_ingest_hwm.sql").fill(names));
  }

  /** Runs the notebook until that many events are read or none is left; gives their number. */
  long ingest(long events) {
    var read = 0L;
    var slice = slice();
    while (slice > 0) {
      read += slice;
      slice = read < events ? slice() : 0;
    }
    return read;
  }

  private int slice() {
    var marks =
        spark
            .sql("SELECT * FROM " + names.get("hwm"))
            .filter(functions.col("pipeline_name").equalTo(PIPELINE))
            .collectAsList();
    var mark = marks.isEmpty() ? 0L : marks.get(0).<Long>getAs("last_position");
    var rows = fetch(mark);
    if (rows.isEmpty()) {
      return 0;
    }
    var incoming =
        spark
            .createDataFrame(rows, FETCHED)
            .withColumn("ingested_at", functions.current_timestamp());
    incoming.createOrReplaceTempView("incoming");
    spark.sql(template("guide_merge.sql").fill(names));
    var reached = incoming.agg(functions.max("log_position")).collectAsList().get(0).getLong(0);
    var values = new HashMap<>(names);
    values.put("position", String.valueOf(reached));
    spark.sql(template("guide_merge_hwm.sql").fill(values));
    return rows.size();
  }

  private List<Row> fetch(long mark) {
    var rows = new ArrayList<Row>();
    adbc.query(
        """
        SELECT stream, category, schema_name,
               epoch_ms(created_at) AS created_at,
               data,
               log_position
        FROM kdb.records
        WHERE category = '%s'
          AND log_position > %d
        ORDER BY log_position
        LIMIT %d
        """
            .formatted(category, mark, BATCH_LIMIT),
        batch -> {
          for (var row = 0; row < batch.getRowCount(); row++) {
            var micros = ((TimeStampVector) batch.getVector("created_at")).get(row);
            rows.add(
                RowFactory.create(
                    text(batch, "stream", row),
                    text(batch, "category", row),
                    text(batch, "schema_name", row),
                    Timestamp.from(Instant.EPOCH.plus(micros, ChronoUnit.MICROS)),
                    text(batch, "data", row),
                    ((BigIntVector) batch.getVector("log_position")).get(row)));
          }
        });
    return rows;
  }

  private static String text(VectorSchemaRoot batch, String column, int row) {
    var text = ((VarCharVector) batch.getVector(column)).getObject(row);
    return text == null ? null : text.toString();
  }

  private static SqlTemplate template(String resource) {
    return SqlTemplate.beside(GuideBronze.class, resource);
  }
}
