package io.github.kurrentlake.lakebase.sync;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.github.kurrentlake.table.Sql;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What changed between two versions of a table, found by laying them side by side: of every key
 * that went, came or has other values one row, with the values that it has now. A key that is there
 * twice may not show.
 */
record VersionComparison(Dataset<Row> before, Dataset<Row> now, SyncedColumns columns) {
  private static final String WAS = "__was";
  private static final String IS = "__is";

  /**
   * The columns' values, whether the key went, and by how many rows it is there more often.
   *
   * @param gone name for the former
   * @param net name for the latter
   */
  Dataset<Row> rows(String gone, String net) {
    var same =
        columns.key().stream()
            .map(column -> column.comparable("n") + " = " + column.comparable("b"))
            .collect(Collectors.joining(" AND "));
    var differs =
        Stream.concat(
                Stream.of(WAS + " IS NULL", IS + " IS NULL"),
                columns.others().stream()
                    .map(
                        column ->
                            "NOT (%s <=> %s)"
                                .formatted(column.comparable("n"), column.comparable("b"))))
            .collect(Collectors.joining(" OR "));
    var key = columns.key().stream().map(VersionComparison::eitherKey);
    var values =
        columns.others().stream().map(column -> col("n." + Sql.identifier(column.name().name())));
    var marks =
        Stream.of(
            expr("%s IS NULL AS %s".formatted(IS, gone)),
            expr("IF(%s IS NULL, -1L, IF(%s IS NULL, 1L, 0L)) AS %s".formatted(IS, WAS, net)));
    return side(now, IS)
        .as("n")
        .join(side(before, WAS).as("b"), expr(same), "full_outer")
        .filter(differs)
        .select(Stream.of(key, values, marks).flatMap(column -> column).toArray(Column[]::new));
  }

  private static Column eitherKey(SyncedColumn column) {
    var name = Sql.identifier(column.name().name());
    return expr("IF(%1$s IS NULL, b.%2$s, n.%2$s) AS %2$s".formatted(IS, name));
  }

  /** The synced columns, null where a column has been added since. */
  private Dataset<Row> side(Dataset<Row> rows, String mark) {
    var present = Arrays.asList(rows.columns());
    var values =
        columns.all().stream()
            .map(column -> column.name().name())
            .map(name -> present.contains(name) ? col(Sql.identifier(name)) : nothing(name));
    return rows.select(Stream.concat(values, Stream.of(lit(true).as(mark))).toArray(Column[]::new));
  }

  private Column nothing(String name) {
    return lit(null).cast(now.schema().apply(name).dataType()).as(name);
  }
}
