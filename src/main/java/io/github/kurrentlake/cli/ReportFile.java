package io.github.kurrentlake.cli;

import io.github.kurrentlake.loans.LoanReport;
import io.github.kurrentlake.loans.LoanStatus;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.StorageFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The report of a local lakehouse, as a file. */
final class ReportFile {
  private ReportFile() {}

  /** Where it lies unless somebody says otherwise. */
  static Path in(Path lakehouse) {
    return lakehouse.resolve("report.html");
  }

  /**
   * Writes it.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 and others of {@link
   *     StorageFaults} when the file cannot be written
   */
  static void write(
      SparkSession spark,
      Path lakehouse,
      Map<String, String> parameters,
      Environment environment,
      Path file) {
    var settings = TaskSettings.of(LoanStatus.SETTINGS, parameters, environment);
    var status = LoanStatus.of(spark, settings);
    try {
      Files.writeString(file, LoanReport.page(spark, Lakehouse.at(lakehouse), status));
    } catch (IOException e) {
      throw StorageFaults.orUnusable(e).with("file", file);
    }
  }
}
