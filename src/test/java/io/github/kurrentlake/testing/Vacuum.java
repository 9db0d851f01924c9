package io.github.kurrentlake.testing;

import io.github.kurrentlake.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** What VACUUM does when the retention is over; Delta's own takes a minute for it. */
public final class Vacuum {
  private Vacuum() {}

  /** Deletes the files that are not the table's any more. */
  public static void allFormerFiles(SparkSession spark, Table table) {
    var current =
        Stream.of(table.read(spark).inputFiles())
            .map(file -> Path.of(URI.create(file)))
            .collect(Collectors.toSet());
    try (var files = Files.walk(Path.of(table.path().orElseThrow()))) {
      for (var file : files.filter(found -> found.toString().endsWith(".parquet")).toList()) {
        if (!current.contains(file) && !file.toString().contains("_delta_log")) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
