package io.github.kurrentlake.deploy.cluster.driver;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In what a Databricks cluster differs from the class path of a Spark distribution, as far as a
 * task can notice: Databricks' Delta has another package, and no distribution has the Jackson
 * modules that are named here (apache/spark, dev/deps/spark-deps-hadoop-3-hive-2.3). What else a
 * runtime has is listed in its release notes, under "Installed Java and Scala libraries"; the jars
 * that the build copies to {@code target/cluster-jars} are no runtime's, but all are older than
 * what the product brings, so that whatever it looked up under the usual name would be met there
 * first.
 */
final class ClusterContents {
  /** What classes of a task do not find, though Spark and Delta themselves do here. */
  static final List<String> LACKS =
      List.of(
          "org.apache.spark.sql.delta.",
          "com.fasterxml.jackson.datatype.jdk8.",
          "com.fasterxml.jackson.datatype.guava.");

  /** Settings of Databricks that a session may change, by its documentation. */
  static final Set<String> DOCUMENTED =
      Set.of(
          "spark.databricks.delta.autoCompact.enabled",
          "spark.databricks.delta.commitInfo.userMetadata",
          "spark.databricks.delta.lastCommitVersionInSession",
          "spark.databricks.delta.optimizeWrite.enabled",
          "spark.databricks.delta.retentionDurationCheck.enabled",
          "spark.databricks.delta.schema.autoMerge.enabled");

  /** How a cluster is set up before the first task comes. */
  static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry(
              "spark.sql.extensions",
              "io.delta.sql.DeltaSparkSessionExtension," + ClusterExtensions.class.getName()),
          Map.entry(
              "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"),
          Map.entry("spark.sql.catalog." + LakehouseCatalog.NAME, LakehouseCatalog.class.getName()),
          // A jar that is installed on a cluster reaches the executors of every session.
          Map.entry("spark.sql.artifact.isolation.enabled", "false"),
          // The columns of SHOW SCHEMAS and SHOW TABLES have their old names there.
          Map.entry("spark.sql.legacy.keepCommandOutputSchema", "true"),
          Map.entry("spark.hadoop.fs.defaultFS", "dbfs:/"),
          Map.entry("spark.hadoop.fs.dbfs.impl", DbfsFileSystem.class.getName()));

  private ClusterContents() {}
}
