package io.github.kurrentlake.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final String DELTA = "io.delta.sql.DeltaSparkSessionExtension";

  @Test
  void whatSparkSubmitWasGivenStaysAsItIs() {
    var given =
        new SparkConf(false)
            .set("spark.sql.extensions", "org.example.First, org.example.Second")
            .set("spark.sql.catalog.spark_catalog", "org.example.Catalog");

    assertThat(Sessions.missingIn(given))
        .containsEntry("spark.sql.extensions", "org.example.First,org.example.Second," + DELTA)
        .doesNotContainKey("spark.sql.catalog.spark_catalog")
        .containsKey("spark.sql.codegen.cache.maxEntries");
  }

  @Test
  void deltaIsNotAddedTwice() {
    var given = new SparkConf(false).set("spark.sql.extensions", DELTA);

    assertThat(Sessions.missingIn(given)).containsEntry("spark.sql.extensions", DELTA);
    assertThat(Sessions.missingIn(new SparkConf(false)))
        .containsEntry("spark.sql.extensions", DELTA)
        .containsKey("spark.sql.catalog.spark_catalog");
  }
}
