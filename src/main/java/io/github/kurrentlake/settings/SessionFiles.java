package io.github.kurrentlake.settings;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Files as a Spark session reaches them: by Hadoop's file systems with the session's own settings
 * over those of the application, as Spark reads and writes tables. So a path means the same here as
 * in a query, on any storage, and the credentials that a platform gives a session hold here too.
 */
public final class SessionFiles {
  private SessionFiles() {}

  /**
   * The file system of a path.
   *
   * @throws IOException when there is none of its scheme, or it refuses this session
   */
  public static FileSystem of(SparkSession spark, Path path) throws IOException {
    var configuration = new Configuration(spark.sparkContext().hadoopConfiguration());
    CollectionConverters.asJava(spark.conf().getAll()).forEach(configuration::set);
    return path.getFileSystem(configuration);
  }
}
