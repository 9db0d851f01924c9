package io.github.kurrentlake.erase;

import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;

/**
 * A table that holds rows of streams. The stream is named to Spark by its hash alone, since Delta's
 * log keeps the condition of each DELETE.
 *
 * @param column the column with the stream's name
 */
record StreamTable(SparkSession spark, Table table, TableDeclaration declaration, String column) {
  /** What Delta asks for before files go that are younger than the table's retention. */
  private static final String RETENTION_CHECK =
      "spark.databricks.delta.retentionDurationCheck.enabled";

  String name() {
    return table.name().toString();
  }

  long rows(String hash) {
    return table.read(spark).filter(ErasedStreams.isHashOf(hash, column)).count();
  }

  /**
   * Deletes the stream's rows, also from the files that the table is made of now: a deletion vector
   * alone leaves them there.
   */
  void delete(String hash) {
    keepNoStatistics();
    Conflicts.retried(
        () -> {
          spark.conf().set(Commit.USER_METADATA, note());
          spark.sql(
              "DELETE FROM %s WHERE %s"
                  .formatted(table.sqlName(), ErasedStreams.isHashOf(hash, column)));
        });
    spark.conf().set(Commit.USER_METADATA, Commit.OURS);
    Conflicts.retried(() -> spark.sql("REORG TABLE %s APPLY (PURGE)".formatted(table.sqlName())));
  }

  /** A Gold table is still made of what its last commit notes, less this stream. */
  private String note() {
    return table.name().schema().equals("gold") ? table.lastChange(spark).metadata() : Commit.OURS;
  }

  /** A table of an older version has minima and maxima of persons' data in its log. */
  private void keepNoStatistics() {
    var declared = declaration.properties().get(TableDeclaration.STATISTICS);
    if (declared != null
        && !declared.equals(table.properties(spark).get(TableDeclaration.STATISTICS))) {
      table.setProperties(spark, Map.of(TableDeclaration.STATISTICS, declared));
    }
  }

  /** For how many seconds VACUUM keeps files that the table no longer shows. */
  long retentionSeconds() {
    return table.retentionSeconds(spark);
  }

  /**
   * Removes the files that the table no longer shows.
   *
   * @param hours how old they must be; empty for the table's retention
   */
  void vacuum(OptionalLong hours) {
    if (hours.isEmpty()) {
      table.vacuum(spark);
      return;
    }
    spark.conf().set(RETENTION_CHECK, "false");
    spark.sql("VACUUM %s RETAIN %d HOURS".formatted(table.sqlName(), hours.getAsLong()));
  }
}
