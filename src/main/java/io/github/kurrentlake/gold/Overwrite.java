package io.github.kurrentlake.gold;

import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Makes a table anew in one commit, so that readers see the former rows or the new ones. The commit
 * names the versions it was made of; when those are still the newest, and nobody wrote to the table
 * since, there is nothing to do.
 */
public final class Overwrite {
  private static final String USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";

  /** What an overwrite did. */
  public enum Outcome {
    UP_TO_DATE,
    WRITTEN
  }

  private Overwrite() {}

  /**
   * Writes the query's rows in the place of the table's.
   *
   * @param spark a session of the caller's own
   * @param table a table that exists
   * @param sources all tables that the query reads
   * @param select the query that makes the table's columns, in their order
   */
  public static Outcome unlessUpToDate(
      SparkSession spark, Table table, List<Table> sources, String select) {
    // Read before the data: rows that arrive in between are read now, and once more next time.
    var madeOf =
        sources.stream()
                .map(source -> source.declaration().qualifiedName() + "@" + source.version(spark))
                .collect(Collectors.joining(" "))
            + " sql@"
            + Integer.toHexString(select.hashCode());
    if (table.lastCommitMetadata(spark).equals(madeOf)) {
      return Outcome.UP_TO_DATE;
    }
    spark.conf().set(USER_METADATA, madeOf);
    spark.sql("INSERT OVERWRITE " + table.sqlName() + "\n" + select);
    return Outcome.WRITTEN;
  }
}
