package io.github.kurrentlake.table;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens the session a job runs in. */
public final class Sessions {
  private static final String EXTENSIONS = "spark.sql.extensions";

  /**
   * What open-source Spark is told. Delta, and room for all that Spark compiles: every stream has a
   * session of its own, which with a class loader of its own would compile again what the others
   * have compiled; and five streams compile more than the hundred classes that Spark keeps. The
   * list of files beside each commit of a small table costs open-source Delta a job, and it never
   * reads it.
   */
  private static final Map<String, String> OPEN_SOURCE =
      Map.of(
          EXTENSIONS,
          "io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog",
          "org.apache.spark.sql.delta.catalog.DeltaCatalog",
          "spark.sql.artifact.isolation.enabled",
          "false",
          "spark.sql.codegen.cache.maxEntries",
          "1000",
          "spark.databricks.delta.allFilesInCrc.enabled",
          "false");

  private Sessions() {}

  /**
   * The cluster's session, or the one that spark-submit configured, with Delta. What spark-submit
   * was given stays as it is; other extensions than Delta's are kept beside it.
   */
  public static SparkSession open(String name) {
    var builder = SparkSession.builder().appName(name);
    return switch (Platform.current()) {
      case DATABRICKS -> builder.getOrCreate();
      case OPEN_SOURCE -> builder.config(missingIn(new SparkConf())).getOrCreate();
    };
  }

  /** A session inside this JVM that uses its cores, for a laptop. */
  public static SparkSession local(String name) {
    var settings = new HashMap<String, Object>(OPEN_SOURCE);
    settings.putAll(LocalFiles.SETTINGS);
    settings.put("spark.driver.host", "localhost");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.sql.session.timeZone", "UTC");
    settings.put("spark.sql.shuffle.partitions", Runtime.getRuntime().availableProcessors());
    settings.put("spark.databricks.delta.snapshotPartitions", "1");
    // So many tasks does each VACUUM have, of which a cluster's ten thousand take half a minute
    // here.
    settings.put(
        "spark.sql.sources.parallelPartitionDiscovery.parallelism",
        Runtime.getRuntime().availableProcessors());
    return SparkSession.builder()
        .appName(name)
        .master("local[*]")
        .config(Map.copyOf(settings))
        .getOrCreate();
  }

  static Map<String, Object> missingIn(SparkConf given) {
    var settings = new HashMap<String, Object>(OPEN_SOURCE);
    settings.keySet().removeIf(given::contains);
    if (given.contains(EXTENSIONS)) {
      settings.put(
          EXTENSIONS,
          Stream.concat(
                  Stream.of(given.get(EXTENSIONS).split(",")),
                  Stream.of(OPEN_SOURCE.get(EXTENSIONS)))
              .map(String::strip)
              .distinct()
              .collect(Collectors.joining(",")));
    }
    return Map.copyOf(settings);
  }
}
