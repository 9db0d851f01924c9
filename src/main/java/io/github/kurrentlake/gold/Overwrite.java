package io.github.kurrentlake.gold;

import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Makes a table anew in one commit, so that readers see the former rows or the new ones. The commit
 * names the commits it was made of; when those are still the last that changed their tables, and
 * nobody changed this table since, there is nothing to do. Commits that leave rows as they are,
 * such as those of OPTIMIZE and VACUUM, cause no work.
 *
 * @param wasWritten whether the table was made anew
 * @param emptySources those of the tables it is made of that hold no row
 */
public record Overwrite(boolean wasWritten, List<String> emptySources) {
  private static final String EMPTY = " empty: ";

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
    // Read before the data: rows that arrive in between are read now, and once more next time.
    var madeOf = madeOf(spark, sources, select);
    var noted = table.lastChange(spark).metadata();
    if (noted.startsWith(madeOf)) {
      return new Overwrite(false, names(noted.substring(madeOf.length())));
    }
    var empty =
        sources.stream()
            .filter(source -> source.isEmpty(spark))
            .map(Overwrite::name)
            .collect(Collectors.joining(","));
    spark.conf().set(Commit.USER_METADATA, madeOf + empty);
    spark.sql("INSERT OVERWRITE " + table.sqlName() + "\n" + select);
    return new Overwrite(true, names(empty));
  }

  private static String madeOf(SparkSession spark, List<Table> sources, String select) {
    return sources.stream()
        .map(source -> name(source) + "@" + source.lastChange(spark).id())
        .collect(
            Collectors.joining(" ", "", " sql@" + Integer.toHexString(select.hashCode()) + EMPTY));
  }

  private static String name(Table source) {
    return source.declaration().qualifiedName();
  }

  private static List<String> names(String joined) {
    return Stream.of(joined.split(",")).filter(name -> !name.isEmpty()).toList();
  }
}
