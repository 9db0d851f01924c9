package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.table.Table;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * What Delta says of a table now.
 *
 * @param id Delta's id of the table
 */
record SourceDetail(String id, long version, Map<String, String> properties) {

  static SourceDetail of(SparkSession spark, Table table) {
    var detail = spark.sql("DESCRIBE DETAIL " + table.sqlName()).select("id", "properties").head();
    return new SourceDetail(detail.getString(0), table.version(spark), detail.getJavaMap(1));
  }
}
