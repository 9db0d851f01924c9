package io.github.kurrentlake.deploy.cluster.driver;

import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** A task that does one thing which a cluster may refuse. */
public final class Deed {
  private Deed() {}

  /** Takes what to do, and to what. */
  public static void main(String[] arguments) throws Exception {
    var spark = SparkSession.builder().getOrCreate();
    switch (arguments[0]) {
      case "sql" -> spark.sql(arguments[1]).collectAsList();
      case "set" -> {
        spark.conf().set(arguments[1], "7");
        spark.sql("SELECT 1").collectAsList();
      }
      case "write" -> {
        var path = new Path(arguments[1]);
        path.getFileSystem(spark.sparkContext().hadoopConfiguration()).create(path).close();
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }
}
