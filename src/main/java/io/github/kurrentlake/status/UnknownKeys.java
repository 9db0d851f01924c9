package io.github.kurrentlake.status;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.payload.Keys;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableSession;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Looks for keys that producers write and no declaration reads, in the newest part of Bronze. */
public final class UnknownKeys {
  /** Where keys are ids, there is no end of them. */
  private static final int MOST = 1000;

  private static final UserDefinedFunction KEYS =
      udf(
          (UDF1<String, Map<String, String>>) Keys::of,
          DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType));

  private UnknownKeys() {}

  /**
   * The keys, those that most events have first; a thousand at most.
   *
   * @param bytes of the log, before its last event in Bronze, that are looked at
   */
  public static List<UnknownKey> of(
      SparkSession caller, Lakehouse lakehouse, Lifecycle lifecycle, long bytes) {
    var spark = TableSession.of(caller);
    var bronze = lakehouse.table(BronzeTables.EVENTS).existing(spark).read(spark);
    var last = bronze.agg(expr("coalesce(max(log_position), 0)")).head().getLong(0);
    var events = bronze.filter(col("log_position").gt(last - bytes));
    return lifecycle.projections().stream()
        .flatMap(projection -> keys(events, projection))
        .limit(MOST)
        .toList();
  }

  private static Stream<UnknownKey> keys(Dataset<Row> all, Projection projection) {
    var events = all.filter(projection.takes());
    var counts =
        events.groupBy("schema_name").count().collectAsList().stream()
            .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
    return events
        .select(col("schema_name"), col("log_position"), explode(KEYS.apply(col("data"))))
        .filter(isUnknown(projection))
        .groupBy("schema_name", "key")
        .agg(
            expr("count(*) AS events"),
            expr("min(log_position)"),
            expr("concat_ws(', ', sort_array(collect_set(value)))"))
        .orderBy(col("events").desc(), col("key"))
        .limit(MOST)
        .collectAsList()
        .stream()
        .map(
            row ->
                new UnknownKey(
                    projection.table().qualifiedName().toString(),
                    row.getString(0),
                    row.getString(1),
                    row.getString(4),
                    (double) row.getLong(2) / counts.get(row.getString(0)),
                    row.getLong(3)));
  }

  /** A value below a place that is read as a whole is read. */
  private static Column isUnknown(Projection projection) {
    var isKnown = lit(false);
    if (projection.isExploding()) {
      isKnown = col("key").equalTo(Keys.path(projection.exploded()));
    }
    for (var field : projection.fields()) {
      for (var keys : field.paths()) {
        var path = Keys.path(keys);
        isKnown = isKnown.or(col("key").equalTo(path)).or(col("key").startsWith(path + "."));
      }
    }
    return not(isKnown);
  }
}
