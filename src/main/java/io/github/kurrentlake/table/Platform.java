package io.github.kurrentlake.table;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What this JVM runs on. The engine is the same everywhere; whatever differs between Databricks and
 * open-source Spark with Delta is asked here, in this package, and nowhere else.
 *
 * <p>Databricks' Delta has other classes than the open-source one, so nothing that is deployed may
 * name a class of {@code org.apache.spark.sql.delta}: a class that does cannot be linked there.
 */
public enum Platform {
  /** A Databricks cluster with Unity Catalog: knows primary keys and volumes. */
  DATABRICKS,
  /** Open-source Spark and Delta: knows neither. */
  OPEN_SOURCE;

  private static final String CHECKPOINTS = "_checkpoints";

  /** The platform of this JVM. */
  public static Platform current() {
    return System.getenv("DATABRICKS_RUNTIME_VERSION") == null ? OPEN_SOURCE : DATABRICKS;
  }

  /**
   * Whether the process is the job's own, so that the job may end it with an exit code. On
   * Databricks it is the cluster's driver, and a job fails by throwing.
   */
  public boolean ownsTheProcess() {
    return switch (this) {
      case DATABRICKS -> false;
      case OPEN_SOURCE -> true;
    };
  }

  /** Where a catalog keeps the checkpoints of streams; empty where it has no place for files. */
  Optional<String> checkpointPlace(String catalog, String schema) {
    return switch (this) {
      case DATABRICKS -> Optional.of("/Volumes/%s/%s/%s".formatted(catalog, schema, CHECKPOINTS));
      case OPEN_SOURCE -> Optional.empty();
    };
  }

  /** Whether there is a catalog of this name, as far as that can be known without a right to it. */
  boolean mayHave(SparkSession spark, String catalog) {
    return switch (this) {
      case DATABRICKS -> true;
      case OPEN_SOURCE ->
          catalog.equals("spark_catalog") || spark.conf().contains("spark.sql.catalog." + catalog);
    };
  }

  /** Whether the platform puts a table's files together and removes old ones by itself. */
  boolean maintains(SparkSession spark, String sqlName) {
    return switch (this) {
      case DATABRICKS ->
          !spark
              .sql("DESCRIBE EXTENDED " + sqlName)
              .filter("col_name = 'Predictive Optimization' AND data_type LIKE 'ENABLE%'")
              .isEmpty();
      case OPEN_SOURCE -> false;
    };
  }

  /** Makes that place unless it is there. */
  void makeCheckpointPlace(SparkSession spark, String catalog, String schema) {
    switch (this) {
      case DATABRICKS -> {
        var volumes = spark.sql("SHOW VOLUMES IN " + Sql.name(catalog, schema));
        // Looked for first: making it needs a right, even where it exists.
        if (volumes.filter(volumes.col("volume_name").equalTo(CHECKPOINTS)).isEmpty()) {
          spark.sql("CREATE VOLUME IF NOT EXISTS " + Sql.name(catalog, schema, CHECKPOINTS));
        }
      }
      case OPEN_SOURCE -> {}
    }
  }
}
