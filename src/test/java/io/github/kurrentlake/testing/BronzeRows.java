package io.github.kurrentlake.testing;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.table.Lakehouse;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Writes events into Bronze without a KurrentDB, for tests of the layers above it. */
public final class BronzeRows {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "log_position BIGINT, stream STRING, category STRING, schema_name STRING,"
              + " created_at TIMESTAMP, data STRING, ingested_at TIMESTAMP");
  private static final Instant TIME = Instant.parse("2025-01-29T16:45:43Z");

  private final List<Row> rows = new ArrayList<>();
  private long position = 100;

  /** The next event of a loan's stream; positions ascend with gaps. */
  public BronzeRows event(String stream, String schemaName, String data) {
    position += 137;
    return event(position, stream, schemaName, data);
  }

  /** An event at a position of its own, recorded as many seconds after the first. */
  public BronzeRows event(long at, String stream, String schemaName, String data) {
    var category = stream.contains("-") ? stream.substring(0, stream.indexOf('-')) : stream;
    var created = Timestamp.from(TIME.plusSeconds(at));
    rows.add(RowFactory.create(at, stream, category, schemaName, created, data, created));
    return this;
  }

  /** Appends the events in one commit and forgets them. */
  public void append(SparkSession spark, Lakehouse lakehouse) {
    var table = lakehouse.ensure(spark, BronzeTables.EVENTS);
    spark.createDataFrame(rows, SCHEMA).createOrReplaceTempView("bronze_rows");
    spark.sql(
        "INSERT INTO %s (%s) SELECT * FROM bronze_rows"
            .formatted(table.sqlName(), String.join(", ", SCHEMA.fieldNames())));
    rows.clear();
  }
}
