package io.github.kurrentlake.cli;

import io.github.kurrentlake.pipeline.PipelineTasks;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.StorageFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
  static void write(PipelineTasks tasks, KurrentDb kurrentdb, Path file) {
    var page = tasks.report(kurrentdb);
    try {
      Files.writeString(file, page);
    } catch (IOException e) {
      throw StorageFaults.orUnusable(e).with("file", file);
    }
  }
}
