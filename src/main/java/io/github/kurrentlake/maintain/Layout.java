package io.github.kurrentlake.maintain;

import io.github.kurrentlake.table.Table;
import org.apache.spark.sql.SparkSession;

/**
 * The files of which a table is made now.
 *
 * @param files how many
 * @param bytes of all of them
 */
public record Layout(long files, long bytes) {

  /** Those of a table that exists. */
  public static Layout of(SparkSession spark, Table table) {
    var detail =
        spark
            .sql("DESCRIBE DETAIL " + table.sqlName())
            .selectExpr("CAST(numFiles AS BIGINT)", "CAST(sizeInBytes AS BIGINT)")
            .head();
    return new Layout(detail.getLong(0), detail.getLong(1));
  }

  /** The size of a file on average; 0 where there is none. */
  public long bytesPerFile() {
    return files == 0 ? 0 : bytes / files;
  }
}
