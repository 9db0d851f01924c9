package io.github.kurrentlake.table;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** Streams that take what is there and end. */
public final class StreamRun {
  private static final long PROGRESS_MILLIS = 500;

  private StreamRun() {}

  /** Starts a stream. */
  @FunctionalInterface
  public interface Start {
    StreamingQuery start() throws TimeoutException;
  }

  /**
   * Runs a stream to its end. A caller that is interrupted leaves it stopped.
   *
   * @param table what the stream writes
   * @param whileItRuns called now and then, and at the end
   * @return the stream, which has ended
   * @throws io.github.kurrentlake.error.KurrentlakeException what the stream threw, or KL-306 when
   *     the checkpoint cannot go on
   */
  public static StreamingQuery toEnd(
      Table table, String checkpoint, Start start, Consumer<StreamingQuery> whileItRuns) {
    return toEnd(Optional.empty(), table, checkpoint, start, whileItRuns);
  }

  /**
   * Does the same for a stream that reads a Delta table.
   *
   * @param source what the stream reads
   * @throws io.github.kurrentlake.error.KurrentlakeException also KL-314 when a file is gone that
   *     the source still needs, so that no checkpoint could go on
   */
  public static StreamingQuery toEnd(
      Table source,
      Table table,
      String checkpoint,
      Start start,
      Consumer<StreamingQuery> whileItRuns) {
    return toEnd(Optional.of(source), table, checkpoint, start, whileItRuns);
  }

  private static StreamingQuery toEnd(
      Optional<Table> source,
      Table table,
      String checkpoint,
      Start start,
      Consumer<StreamingQuery> whileItRuns) {
    try {
      var query = start.start();
      try {
        while (!query.awaitTermination(PROGRESS_MILLIS)) {
          whileItRuns.accept(query);
        }
        whileItRuns.accept(query);
        return query;
      } catch (StreamingQueryException e) {
        throw lostFile(query.sparkSession(), source, e).orElseThrow(() -> e);
      } finally {
        if (query.isActive()) {
          query.stop();
        }
      }
    } catch (TimeoutException | StreamingQueryException e) {
      throw failure(e, table, checkpoint);
    } catch (Exception e) {
      // A checkpoint that does not say which stream it is of; Spark does not declare what it
      // throws.
      StorageFaults.of(e)
          .ifPresent(
              fault -> {
                throw fault.with("checkpoint", checkpoint);
              });
      throw e;
    }
  }

  /** A file that is gone although the source's newest version has it, unlike one of VACUUM. */
  private static Optional<KurrentlakeException> lostFile(
      SparkSession spark, Optional<Table> source, StreamingQueryException failure) {
    var fault = StorageFaults.of(failure).filter(error -> error.code() == ErrorCode.FILE_LOST);
    if (source.isEmpty() || fault.isEmpty()) {
      return Optional.empty();
    }
    var name = new Path(StorageFaults.readFile(failure).orElseThrow()).getName();
    return Stream.of(source.orElseThrow().read(spark).inputFiles())
            .anyMatch(file -> file.endsWith("/" + name))
        ? fault
        : Optional.empty();
  }

  private static RuntimeException failure(Exception failure, Table table, String checkpoint) {
    var known = Causes.known(failure);
    if (known.isPresent()) {
      return known.get();
    }
    return ErrorCondition.CHECKPOINT_LOST
        .in(failure)
        .<RuntimeException>map(
            condition ->
                ErrorCode.STREAM_RESTARTED_ELSEWHERE
                    .error()
                    .with("table", table.sqlName())
                    .with("checkpoint", checkpoint)
                    .with("reason", condition)
                    .causedBy(failure))
        .or(() -> StorageFaults.of(failure).map(fault -> fault.with("checkpoint", checkpoint)))
        .orElseGet(
            () ->
                new IllegalStateException(
                    "the stream into " + table.sqlName() + " failed", failure));
  }
}
