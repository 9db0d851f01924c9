package io.github.kurrentlake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Fingerprint;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A Gold table against Silver, quarantine and Bronze: its rows are computed again, of these tables
 * as they were when it was written, and compared by key and content.
 */
record GoldComparison(
    SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle, TableDeclaration table) {
  private static final SqlTemplate DIFFERENCES =
      SqlTemplate.beside(GoldComparison.class, "gold_differences.sql");
  private static final String STREAMS = "kurrentlake_reconciled_streams";
  private static final String EXPECTED = "kurrentlake_expected_rows";
  private static final String FOUND = "kurrentlake_found_rows";

  /**
   * @param written the commit by which its task has written it last
   * @param above what an earlier run has compared
   * @param streams the streams whose rows are compared; empty for all
   * @param waiting how many events its task has not come to yet
   */
  Comparison compare(
      Commit written, long above, long through, Optional<Dataset<Row>> streams, long waiting) {
    streams.ifPresent(rows -> rows.select("stream").distinct().createOrReplaceTempView(STREAMS));
    var view = streams.map(rows -> STREAMS);
    var expected = rows(Gold.expected(spark, lakehouse, lifecycle, table, written, view)).persist();
    try {
      var stored = lakehouse.table(table).after(spark, written);
      var asked =
          view.map(name -> stored.join(spark.table(name), new String[] {"stream"}, "left_semi"))
              .orElse(stored);
      var found = rows(asked);
      expected.createOrReplaceTempView(EXPECTED);
      found.createOrReplaceTempView(FOUND);
      var findings =
          Differences.collect(
              spark.sql(DIFFERENCES.fill(Map.of("expected", EXPECTED, "found", FOUND))));
      return new Comparison(
          table.qualifiedName().toString(),
          above,
          through,
          expected.count(),
          found.count(),
          waiting,
          findings);
    } finally {
      expected.unpersist();
    }
  }

  private Dataset<Row> rows(Dataset<Row> rows) {
    // In the declared order, which a join by name changes.
    var names = table.columns().stream().map(column -> column.name()).toList();
    return rows.select(
        to_json(struct(columns(table.key()))).as("row_key"),
        col("stream"),
        col("log_position"),
        Fingerprint.of(columns(names)).as("fingerprint"));
  }

  private static Column[] columns(Collection<String> names) {
    return names.stream().map(name -> col("`" + name + "`")).toArray(Column[]::new);
  }
}
