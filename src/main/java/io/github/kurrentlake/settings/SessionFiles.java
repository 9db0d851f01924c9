package io.github.kurrentlake.settings;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
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

  /**
   * What is in a file that a user has named; empty when there is none. It is one of this machine,
   * or one that Spark reaches, such as Databricks' volumes and workspace files, which Java's own
   * functions need not reach there.
   *
   * @throws IOException when it is there and cannot be read
   */
  public static Optional<String> text(String name) throws IOException {
    var ofTheMachine = java.nio.file.Path.of(name);
    var session = SparkSession.getDefaultSession();
    if (Files.isReadable(ofTheMachine) || session.isEmpty()) {
      return Files.exists(ofTheMachine)
          ? Optional.of(Files.readString(ofTheMachine))
          : Optional.empty();
    }
    var path = new Path(name);
    try (var in = of(session.get(), path).open(path)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}
