package io.github.kurrentlake.bench;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Platform;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The ways in which {@code bronze.events} could lie on the disk. */
enum Layouts {
  /** In the order of writing. */
  PLAIN,
  /** Clustered by position, which takes effect when the table is optimized. */
  CLUSTERED,
  /** A directory a day, as in the guide. */
  PARTITIONED;

  static final int YEARS = 3;

  String row() {
    return "layout-" + name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Makes the table in this layout, which Bronze then finds. */
  void create(SparkSession spark, Lakehouse lakehouse) {
    lakehouse.prepare(spark, BronzeTables.EVENTS.schema());
    var name = lakehouse.table(BronzeTables.EVENTS).sqlName();
    var plain = BronzeTables.EVENTS.clusteredBy(new String[0]);
    spark.sql(
        switch (this) {
          case PLAIN -> plain.ddl(Platform.OPEN_SOURCE, name);
          case CLUSTERED -> plain.clusteredBy("log_position").ddl(Platform.OPEN_SOURCE, name);
          case PARTITIONED ->
              plain
                  .ddl(Platform.OPEN_SOURCE, name)
                  .replace("\nTBLPROPERTIES", "\nPARTITIONED BY (event_date)\nTBLPROPERTIES")
                  // Delta keeps no minimum and maximum of what is a directory's name.
                  .replace(",event_date", "");
        });
  }

  /** What a reader meets: files, and seconds of a day's events and of one position. */
  static Map<String, Double> read(SparkSession spark, Lakehouse lakehouse) {
    var name = lakehouse.table(BronzeTables.EVENTS).sqlName();
    var detail = spark.sql("DESCRIBE DETAIL " + name).head();
    var files = detail.<Long>getAs("numFiles");
    var middle =
        spark
            .sql(
                "SELECT log_position, event_date FROM %s ORDER BY log_position LIMIT 1 OFFSET %d"
                    .formatted(name, spark.table(name).count() / 2))
            .head();
    var day =
        "SELECT count(*), sum(length(data)) FROM %s WHERE event_date = DATE '%s'"
            .formatted(name, middle.get(1));
    var position = "SELECT * FROM %s WHERE log_position = %d".formatted(name, middle.getLong(0));
    return Map.of(
        "files",
        (double) files,
        "mean_file_kb",
        detail.<Long>getAs("sizeInBytes") / 1024.0 / Math.max(1, files),
        "day_query_seconds",
        seconds(spark, day),
        "position_query_seconds",
        seconds(spark, position));
  }

  /** The third time counts: the first compiles, the second reads what was just written. */
  private static double seconds(SparkSession spark, String query) {
    var seconds = 0.0;
    for (var ignored : List.of(1, 2, 3)) {
      var begun = System.nanoTime();
      spark.sql(query).collectAsList();
      seconds = (System.nanoTime() - begun) / 1e9;
    }
    return seconds;
  }
}
