package io.github.kurrentlake.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A commit in a table's history.
 *
 * @param version its number, which a table that was made again or restored uses again
 * @param millis when it was made, epoch milliseconds, which tells two commits of one number apart;
 *     -1 when its file holds nothing
 * @param metadata what its writer noted with it; empty when it noted nothing
 */
public record Commit(long version, long millis, String metadata) {

  /** What Delta is told to note with a commit. */
  public static final String USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";

  /** What a commit of Kurrentlake is noted with, unless its writer has more to say. */
  public static final String OURS = "kurrentlake";

  /**
   * Operations of Delta that leave the rows as they are: layout, clean-up, properties. An operation
   * that is not listed counts as a change, at the price of work that was not needed.
   */
  private static final Set<String> LEAVE_THE_ROWS =
      Set.of(
          "OPTIMIZE",
          "REORG",
          "CLUSTER BY",
          "VACUUM START",
          "VACUUM END",
          "SET TBLPROPERTIES",
          "UNSET TBLPROPERTIES",
          "COMPUTE STATS",
          "ANALYZE",
          "ADD CONSTRAINT",
          "DROP CONSTRAINT",
          "CHANGE COLUMN",
          "UPDATE COLUMN METADATA",
          "SET TABLE COMMENT",
          "UPGRADE PROTOCOL",
          "ADD FEATURE SUPPORT",
          "DROP FEATURE SUPPORT",
          "ROW TRACKING BACKFILL");

  /** Operations that give a table the rows of another version, or of another table. */
  private static final Set<String> REPLACE_THE_ROWS = Set.of("RESTORE", "CLONE");

  private static final int OPERATION = 2;
  private static final long LOST = -1;

  /** A table has more commits than these in a row that leave its rows alone only very rarely. */
  private static final int FEW = 30;

  static Commit last(SparkSession spark, Table table) {
    return of(history(spark, table, " LIMIT 1").get(0));
  }

  static Commit lastChange(SparkSession spark, Table table) {
    return change(history(spark, table, " LIMIT " + FEW))
        .or(() -> change(history(spark, table, "")))
        // Log clean-up has removed it: all that is left leaves the rows alone.
        .orElseGet(() -> new Commit(-1, 0, ""));
  }

  /** The first commit behind a version that changed what the table holds. */
  public static Optional<Commit> firstAfter(SparkSession spark, Table table, long version) {
    return history(spark, table, "").stream()
        .filter(row -> row.getLong(0) > version && changes(row))
        .reduce((newer, older) -> older)
        .map(Commit::of);
  }

  /** Whether the table's history still holds a commit of this identity. */
  public static boolean isIn(SparkSession spark, Table table, String id) {
    return histories(spark, table).anyMatch(row -> of(row).id().equals(id));
  }

  /**
   * The table's last commit, unless others than Kurrentlake have changed its rows since a commit of
   * this identity, or its history does not hold that one.
   */
  public static Optional<Commit> lastUnlessOthersWroteSince(
      SparkSession spark, Table table, String id) {
    var newest = history(spark, table, " LIMIT " + FEW);
    return Stream.concat(
            newest.stream(), Stream.of(table).flatMap(every -> history(spark, every, "").stream()))
        .filter(row -> of(row).id().equals(id) || (changes(row) && !isOurs(row)))
        .findFirst()
        .filter(row -> of(row).id().equals(id))
        .map(row -> of(newest.get(0)));
  }

  /**
   * What was noted with the table's commits that begins so, the newest first. It ends where rows
   * came of which no note tells, by RESTORE or CLONE, with the empty text.
   */
  public static List<String> notes(SparkSession spark, Table table, String prefix) {
    var newest = notes(history(spark, table, " LIMIT " + FEW), prefix);
    return newest.isEmpty() ? notes(history(spark, table, ""), prefix) : newest;
  }

  /** The table's newest commit with a note. */
  public static Optional<Commit> noted(SparkSession spark, Table table, String note) {
    return histories(spark, table)
        .map(Commit::of)
        .filter(commit -> commit.metadata().equals(note))
        .findFirst();
  }

  private static List<String> notes(List<Row> history, String prefix) {
    var notes = new ArrayList<String>();
    for (var row : history) {
      if (!row.isNullAt(OPERATION) && REPLACE_THE_ROWS.contains(row.getString(OPERATION))) {
        notes.add("");
        break;
      } else if (of(row).metadata().startsWith(prefix)) {
        notes.add(of(row).metadata());
      }
    }
    return notes;
  }

  /** The newest commits, and only where these are not enough all of them. */
  private static Stream<Row> histories(SparkSession spark, Table table) {
    return Stream.of(" LIMIT " + FEW, "").flatMap(limit -> history(spark, table, limit).stream());
  }

  private static boolean changes(Row row) {
    return row.isNullAt(OPERATION) || !LEAVE_THE_ROWS.contains(row.getString(OPERATION));
  }

  private static boolean isOurs(Row row) {
    return !row.isNullAt(3) && row.getString(3).startsWith(OURS);
  }

  /** Identifies the commit among all that a table of this name ever had. */
  public String id() {
    return version + "/" + (isLost() ? "lost" : millis);
  }

  /** The number of the commit of an identity. */
  public static long version(String id) {
    return Long.parseLong(id.substring(0, id.indexOf('/')));
  }

  /**
   * Whether nothing is left of the commit but its number, as of a file that a power cut emptied.
   */
  private boolean isLost() {
    return millis == LOST;
  }

  private static List<Row> history(SparkSession spark, Table table, String limit) {
    try {
      return spark
          .sql("DESCRIBE HISTORY " + table.sqlName() + limit)
          .select("version", "timestamp", "operation", "userMetadata")
          .collectAsList();
    } catch (Exception e) {
      // Delta does not say which table's entry it could not read.
      StorageFaults.of(e)
          .ifPresent(
              fault -> {
                throw fault.with("table", table.sqlName());
              });
      throw e;
    }
  }

  private static Optional<Commit> change(List<Row> history) {
    return history.stream().filter(Commit::changes).map(Commit::of).findFirst();
  }

  private static Commit of(Row row) {
    var metadata = row.isNullAt(3) ? "" : row.getString(3);
    var millis = row.isNullAt(OPERATION) ? LOST : row.getTimestamp(1).getTime();
    return new Commit(row.getLong(0), millis, metadata);
  }
}
