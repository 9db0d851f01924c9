package io.github.kurrentlake.reconcile;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** {@code ops.reconciliation}: the verdicts, which also say what the next run need not compare. */
public final class ReconciliationTable {
  /**
   * Two kinds of rows. One with the verdict on a table per run and table, whose key is {@code
   * run_id} and {@code table_name}; its {@code kind} is null. And one per way, day and event type
   * in which they differ.
   */
  public static final TableDeclaration DECLARATION =
      TableDeclaration.table(
              "ops", "reconciliation", "One row per run and table, and one per difference")
          .columns(
              List.of(
                  required("run_id", "STRING", "The run"),
                  required("compared_at", "TIMESTAMP", "When it was, UTC"),
                  required("table_name", "STRING", "The table that was compared"),
                  required("is_clean", "BOOLEAN", "Whether nothing was wrong with it"),
                  optional("kind", "STRING", "How it differs; null in the row of the verdict"),
                  optional("day", "DATE", "When KurrentDB recorded the events, UTC"),
                  optional("what", "STRING", "Event type, or stream of a Gold table").personal(),
                  optional("expected", "BIGINT", "Events or rows that the layer before gives"),
                  required("found", "BIGINT", "Events or rows that are there, or that differ"),
                  optional("waiting", "BIGINT", "Events that the table's task has not come to"),
                  required("first_position", "BIGINT", "Position of the first of them"),
                  required("last_position", "BIGINT", "Position of the last, or compared through"),
                  optional(
                      "commits",
                      "STRING",
                      "Commits that were compared; null for a task that is behind")))
          .statisticsOf("compared_at");

  private static final StructType TYPE = DECLARATION.rowType();

  private final SparkSession spark;
  private final Table table;

  ReconciliationTable(SparkSession spark, Lakehouse lakehouse) {
    this.spark = spark;
    this.table = lakehouse.ensure(spark, DECLARATION);
  }

  /**
   * What an earlier run found clean.
   *
   * @param through the last position that it compared
   * @param commits of the tables that it compared
   */
  record Clean(long through, Commits commits) {}

  /** The last clean verdict on a table. */
  Optional<Clean> lastClean(String name) {
    return table
        .read(spark)
        .filter("kind IS NULL AND is_clean AND commits IS NOT NULL AND table_name = '" + name + "'")
        .orderBy(functions.col("compared_at").desc())
        .select("last_position", "commits")
        .takeAsList(1)
        .stream()
        .findFirst()
        .map(row -> new Clean(row.getLong(0), Commits.parse(row.getString(1))));
  }

  /** Writes all that a run found, in one commit. */
  void write(String runId, Instant at, List<Judged> judged) {
    var rows = new ArrayList<Row>();
    var time = Timestamp.from(at);
    for (var one : judged) {
      var comparison = one.comparison();
      rows.add(
          RowFactory.create(
              runId,
              time,
              comparison.table(),
              comparison.isClean(),
              null,
              null,
              null,
              comparison.expected(),
              comparison.found(),
              comparison.waiting(),
              comparison.above(),
              comparison.through(),
              one.commits().map(Commits::toString).orElse(null)));
      for (var finding : comparison.findings()) {
        rows.add(
            RowFactory.create(
                runId,
                time,
                comparison.table(),
                !finding.kind().isError(),
                finding.kind().toString(),
                finding.day().map(Date::valueOf).orElse(null),
                finding.what(),
                null,
                finding.events(),
                null,
                finding.first(),
                finding.last(),
                null));
      }
    }
    table.append(spark.createDataFrame(rows, TYPE));
  }

  /**
   * A comparison.
   *
   * @param commits those that it is true of; empty when a table's task is behind, so that what it
   *     has not come to yet is compared later
   */
  record Judged(Comparison comparison, Optional<Commits> commits) {}
}
