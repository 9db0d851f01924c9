package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.SessionFiles;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A file beside a stream's offsets that says that the stream is about to make its slot. A run that
 * dies between making the slot and noting its position leaves both, so the next one knows that the
 * slot is its own and makes it again.
 */
record SlotIntent(String checkpoint, String slot) {

  boolean isNoted() {
    return onFiles(files -> files.exists(file()));
  }

  void note() {
    onFiles(
        files -> {
          files.mkdirs(file().getParent());
          files.create(file(), true).close();
          return null;
        });
  }

  private Path file() {
    return new Path(checkpoint, "slot-" + slot);
  }

  private interface Work<T> {
    T on(FileSystem files) throws IOException;
  }

  private <T> T onFiles(Work<T> work) {
    try {
      return work.on(SessionFiles.of(SparkSession.active(), file()));
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", file()).causedBy(e);
    }
  }
}
