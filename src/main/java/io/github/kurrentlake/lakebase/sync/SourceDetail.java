package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.job.Sessions;
import io.github.kurrentlake.table.Table;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What Delta says of a table now.
 *
 * @param id Delta's id of the table
 */
record SourceDetail(String id, long version, Map<String, String> properties) {

  /**
   * Of a table in a directory, Delta's own classes tell it at once. {@code DESCRIBE DETAIL} counts
   * the table's files first, which takes more than a second, but Databricks has other classes.
   */
  static SourceDetail of(SparkSession spark, Table table) {
    return table.path().isPresent() && !Sessions.onDatabricks()
        ? ofLog(spark, table.path().get())
        : described(spark, table);
  }

  static SourceDetail ofLog(SparkSession spark, String path) {
    var snapshot = DeltaLog.forTableWithSnapshot(spark, path)._2();
    var metadata = snapshot.metadata();
    return new SourceDetail(
        metadata.id(), snapshot.version(), CollectionConverters.asJava(metadata.configuration()));
  }

  static SourceDetail described(SparkSession spark, Table table) {
    var detail = spark.sql("DESCRIBE DETAIL " + table.sqlName()).select("id", "properties").head();
    return new SourceDetail(detail.getString(0), table.version(spark), detail.getJavaMap(1));
  }
}
