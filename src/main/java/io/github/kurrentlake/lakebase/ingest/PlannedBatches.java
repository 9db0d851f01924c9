package io.github.kurrentlake.lakebase.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.SessionFiles;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * What Spark's checkpoint says of a stream: before a batch is read, a file of its number gets the
 * batch's end. It is a plan and no more; what was written, the Bronze table knows. A checkpoint
 * that was deleted, restored or put there for another one is told by that it does not lead to where
 * Bronze is; the stream then goes on from there, with new numbers.
 */
final class PlannedBatches {
  private final SparkSession spark;
  private final Path checkpoint;

  PlannedBatches(SparkSession spark, String checkpoint) {
    this.spark = spark;
    this.checkpoint = new Path(checkpoint);
  }

  private interface Work<T> {
    T on(FileSystem files) throws IOException;
  }

  /** The position through which a batch reads. */
  String end(long batch) {
    return onFiles(files -> end(files, batch));
  }

  /** Forgets the plan unless its last batch ends, or begins, at a position. */
  void forgetUnlessAt(String position) {
    onFiles(
        files -> {
          var last = last(files);
          var isThere =
              last < 0
                  || position.equals(end(files, last))
                  || position.equals(end(files, last - 1));
          for (var part : new String[] {"offsets", "commits"}) {
            if (!isThere) {
              files.delete(new Path(checkpoint, part), true);
            }
          }
          return null;
        });
  }

  private long last(FileSystem files) throws IOException {
    var offsets = new Path(checkpoint, "offsets");
    if (!files.exists(offsets)) {
      return -1;
    }
    return Arrays.stream(files.listStatus(offsets))
        .map(file -> file.getPath().getName())
        .filter(name -> name.matches("\\d+"))
        .mapToLong(Long::parseLong)
        .max()
        .orElse(-1);
  }

  /** The last line of the batch's file; empty when there is none. */
  private String end(FileSystem files, long batch) throws IOException {
    var file = new Path(new Path(checkpoint, "offsets"), Long.toString(batch));
    if (!files.exists(file)) {
      return "";
    }
    try (var in = files.open(file)) {
      return new String(in.readAllBytes(), UTF_8).lines().reduce("", (line, next) -> next);
    }
  }

  private <T> T onFiles(Work<T> work) {
    try {
      return work.on(SessionFiles.of(spark, checkpoint));
    } catch (IOException e) {
      throw ErrorCode.STORAGE_UNUSABLE
          .error()
          .with("directory", checkpoint)
          .with("reason", e)
          .causedBy(e);
    }
  }
}
