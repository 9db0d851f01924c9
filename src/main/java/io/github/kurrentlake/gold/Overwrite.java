package io.github.kurrentlake.gold;

import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Makes a table again in one commit, so that readers see the former rows or the new ones. The
 * commit names the commits it was made of; when those are still the last that changed their tables,
 * and nobody changed this table since, there is nothing to do. Commits that leave rows as they are,
 * such as those of OPTIMIZE and VACUUM, cause no work.
 *
 * @param wasWritten whether the table was made again
 * @param emptySources those of the tables it is made of that hold no row
 */
public record Overwrite(boolean wasWritten, List<String> emptySources) {

  /**
   * Writes the query's rows in the place of the table's, unless it is up to date.
   *
   * @param spark a session of the caller's own
   * @param table a table that exists
   * @param sources all tables that the query reads
   * @param select the query that makes the table's columns, in their order
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-310 when other runs keep writing
   */
  public static Overwrite unlessUpToDate(
      SparkSession spark, Table table, List<Table> sources, String select) {
    return Conflicts.retried(() -> attempt(spark, table, sources, select));
  }

  private static Overwrite attempt(
      SparkSession spark, Table table, List<Table> sources, String select) {
    var madeOf = MadeOf.of(MadeOf.lastChanges(spark, sources), select);
    var last = table.lastChange(spark);
    if (MadeOf.notedBy(last).equals(Optional.of(madeOf))) {
      return new Overwrite(false, MadeOf.emptyAt(last));
    }
    var empty = empty(spark, sources);
    spark.conf().set(Commit.USER_METADATA, madeOf.note(empty));
    write(spark, table, select);
    return new Overwrite(true, empty);
  }

  static List<String> empty(SparkSession spark, List<Table> sources) {
    return SideBySide.each(
            sources,
            source -> source.isEmpty(spark) ? Stream.of(MadeOf.name(source)) : Stream.<String>of())
        .stream()
        .flatMap(names -> names)
        .sorted()
        .toList();
  }

  /** Writes the query's rows in the place of the table's. */
  static void write(SparkSession spark, Table table, String select) {
    spark.sql("INSERT OVERWRITE " + table.sqlName() + "\n" + select);
  }
}
