package io.github.kurrentlake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.source.KurrentDbSource;
import io.github.kurrentlake.table.Fingerprint;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What the events hold, in KurrentDB and in {@code bronze.events}. */
record PayloadComparison(SparkSession spark, BronzeOptions options, Table bronze) {
  private static final SqlTemplate DIFFERENCES =
      SqlTemplate.beside(PayloadComparison.class, "payload_differences.sql");
  private static final String EXPECTED = "kurrentlake_expected_payloads";
  private static final String FOUND = "kurrentlake_found_payloads";

  /** A sample is so many stretches of so many bytes of the log. */
  private static final int STRETCHES = 16;

  private static final long STRETCH = 256L << 10;

  private record Stretch(long above, long through) {}

  List<Finding> differences(long above, long through, Payloads payloads) {
    var stretches =
        switch (payloads) {
          case NONE -> List.<Stretch>of();
          case SAMPLE -> sample(above, through);
          case ALL -> List.of(new Stretch(above, through));
        };
    var findings = new ArrayList<Finding>();
    for (var stretch : stretches) {
      payloads(events(stretch)).createOrReplaceTempView(EXPECTED);
      payloads(stored(stretch)).createOrReplaceTempView(FOUND);
      findings.addAll(
          Differences.collect(
              spark.sql(DIFFERENCES.fill(Map.of("expected", EXPECTED, "found", FOUND)))));
    }
    return findings;
  }

  private static List<Stretch> sample(long above, long through) {
    var step = (through - above) / STRETCHES;
    if (step <= STRETCH) {
      return List.of(new Stretch(above, through));
    }
    var stretches = new ArrayList<Stretch>();
    for (var i = 0; i < STRETCHES; i++) {
      var begin = above + i * step + ThreadLocalRandom.current().nextLong(step - STRETCH);
      stretches.add(new Stretch(begin, begin + STRETCH));
    }
    return stretches;
  }

  private Dataset<Row> events(Stretch stretch) {
    return spark
        .read()
        .format(KurrentDbSource.NAME)
        .options(options.kurrentdb().options())
        .option("category", options.category())
        .option("startingPosition", stretch.above())
        .option("endingPosition", stretch.through())
        .load();
  }

  private Dataset<Row> stored(Stretch stretch) {
    return bronze
        .read(spark)
        .filter(col("category").equalTo(options.category()))
        .filter(
            col("log_position")
                .gt(stretch.above())
                .and(col("log_position").leq(stretch.through())));
  }

  private static Dataset<Row> payloads(Dataset<Row> events) {
    return events.select(
        col("log_position"),
        expr("CAST(unix_date(CAST(created_at AS DATE)) AS BIGINT)").as("day"),
        col("schema_name"),
        Fingerprint.of(col("data"), col("metadata")).as("payload"),
        expr("coalesce(data, '') IN ('', '{}') AND coalesce(metadata, '') IN ('', '{}')")
            .as("is_empty"));
  }
}
