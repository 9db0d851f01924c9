package io.github.kurrentlake.job;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Opens the session a job runs in. */
public final class Sessions {
  /**
   * Delta, and room for all that Spark compiles: every stream has a session of its own, which with
   * a class loader of its own would compile anew what the others have compiled; and five streams
   * compile more than the hundred classes that Spark keeps. The list of files beside each commit of
   * a small table costs open-source Delta a job, and it never reads it.
   */
  private static final Map<String, Object> EVERYWHERE =
      Map.of(
          "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog",
          "spark.sql.artifact.isolation.enabled", "false",
          "spark.sql.codegen.cache.maxEntries", "1000",
          "spark.databricks.delta.allFilesInCrc.enabled", "false");

  private Sessions() {}

  /** Whether this JVM is a Databricks cluster's. */
  public static boolean onDatabricks() {
    return System.getenv("DATABRICKS_RUNTIME_VERSION") != null;
  }

  /** The cluster's session, or the one spark-submit configured, with Delta. */
  public static SparkSession open(String name) {
    var builder = SparkSession.builder().appName(name);
    return (onDatabricks() ? builder : builder.config(EVERYWHERE)).getOrCreate();
  }

  /** A session inside this JVM that uses its cores, for a laptop. */
  public static SparkSession local(String name) {
    var settings = new HashMap<String, Object>(EVERYWHERE);
    settings.put("spark.driver.host", "localhost");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.sql.session.timeZone", "UTC");
    settings.put("spark.sql.shuffle.partitions", Runtime.getRuntime().availableProcessors());
    settings.put("spark.databricks.delta.snapshotPartitions", "1");
    return SparkSession.builder()
        .appName(name)
        .master("local[*]")
        .config(Map.copyOf(settings))
        .getOrCreate();
  }
}
