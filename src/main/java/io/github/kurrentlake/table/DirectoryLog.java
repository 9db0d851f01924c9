package io.github.kurrentlake.table;

import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.streaming.OutputMode;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Delta's log of a table in a directory, by Delta's own classes: they know at once what SQL finds
 * out with several jobs, since it first computes which files the table has. Databricks has other
 * classes, and a table in a catalog is left to SQL as well; there the same is done at that price.
 */
final class DirectoryLog {
  private final DeltaLog log;

  private DirectoryLog(DeltaLog log) {
    this.log = log;
  }

  /** The table's log; empty where only SQL may ask for it. */
  static Optional<DirectoryLog> of(SparkSession spark, Table table) {
    return switch (Dialect.ofThisMachine()) {
      case OPEN_SOURCE ->
          table.path().map(path -> new DirectoryLog(DeltaLog.forTable(spark, path)));
      case DATABRICKS -> Optional.empty();
    };
  }

  /**
   * Whether the log is whole, and the table has only ever been made and added to. Then its commits
   * together are its content, no file of theirs can have been removed since, and all have the same
   * columns.
   */
  boolean hasOnlyGrown() {
    var commits = log.getChanges(0, Option.empty(), false);
    for (var version = 0L; commits.hasNext(); version++) {
      var commit = commits.next();
      if ((long) commit._1() != version) {
        return false;
      }
      for (var action : CollectionConverters.asJava(commit._2())) {
        if (action instanceof RemoveFile || (action instanceof Metadata && version > 0)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Whether the table holds no file, as Delta noted beside the newest commit; empty where it did
   * not.
   */
  Optional<Boolean> isEmpty() {
    var noted = log.update(false, Option.empty(), Option.empty()).checksumOpt();
    return noted.isEmpty() ? Optional.empty() : Optional.of(noted.get().numFiles() == 0);
  }

  /**
   * Writes the first rows of a table that was made and never written to, in one commit, which Delta
   * refuses when anything else is committed in between.
   *
   * @param rows exactly the table's columns
   * @return the number of rows written; empty, and nothing done, when the table has more than its
   *     first commit, has rows since then, or its rows are not counted
   * @throws io.delta.exceptions.DeltaConcurrentModificationException when another run wrote
   */
  OptionalLong appendFirst(Dataset<Row> rows) {
    return log.withNewTransaction(
        Option.empty(), Option.empty(), transaction -> appendFirst(rows, transaction));
  }

  private OptionalLong appendFirst(Dataset<Row> rows, OptimisticTransaction transaction) {
    if (transaction.readVersion() != 0
        || hasRowsSinceItWasMade()
        || !countsRows(rows.sparkSession())) {
      return OptionalLong.empty();
    }
    transaction.readWholeTable();
    var written = 0L;
    var actions = new ArrayList<Action>();
    for (var file : CollectionConverters.asJava(transaction.writeFiles(rows))) {
      actions.add(file);
      if (file instanceof AddFile added) {
        written += (long) added.numLogicalRecords().get();
      }
    }
    if (written > 0) {
      transaction.commit(
          CollectionConverters.asScala(actions).toSeq(),
          new DeltaOperations.StreamingUpdate(
              OutputMode.Append(), streamOf(rows), 0, Option.empty()));
    }
    return OptionalLong.of(written);
  }

  private static boolean countsRows(SparkSession spark) {
    return Boolean.parseBoolean(spark.conf().get("spark.databricks.delta.stats.collect", "true"));
  }

  /** Spark's id of the stream that this runs in, for the table's history. */
  private static String streamOf(Dataset<Row> rows) {
    var stream = rows.sparkSession().sparkContext().getLocalProperty("sql.streaming.queryId");
    return stream == null ? "" : stream;
  }

  private boolean hasRowsSinceItWasMade() {
    var commits = log.getChanges(0, Option.empty(), false);
    return !commits.hasNext()
        || CollectionConverters.asJava(commits.next()._2()).stream()
            .anyMatch(AddFile.class::isInstance);
  }
}
