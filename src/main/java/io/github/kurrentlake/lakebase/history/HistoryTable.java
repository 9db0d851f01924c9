package io.github.kurrentlake.lakebase.history;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.source.ChangeColumn;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The table {@code silver.<name>_history}. One row is one version of one row of Postgres; its key
 * is that row's key with {@code _sequence}. Besides all columns of Postgres:
 *
 * <ul>
 *   <li>{@code valid_from}: when the version was committed, or read in the modes that do not tell
 *   <li>{@code valid_to}: when the next one was, or the deletion; null for the one that is valid
 *   <li>{@code is_current}: whether it is valid now
 *   <li>{@code _sequence}: the order of the versions; ascends where two have the same time
 * </ul>
 *
 * @param data the columns of Postgres
 */
record HistoryTable(TableDeclaration declaration, List<String> data, List<String> key) {
  private static final SqlTemplate MERGE = SqlTemplate.beside(HistoryTable.class, "history.sql");

  private static final List<Column> OURS =
      List.of(
          required(ChangeColumn.SEQUENCE.column(), "BIGINT", "Ascends with the versions of a key"),
          required("valid_from", "TIMESTAMP", "When the version came to be, UTC"),
          optional("valid_to", "TIMESTAMP", "When it ceased to be; null while it is valid"),
          required("is_current", "BOOLEAN", "Whether it is valid now"));

  /** The data columns that a key must be among. */
  static HistoryTable of(String name, List<String> key, StructType bronze) {
    var fields =
        Arrays.stream(bronze.fields())
            .filter(field -> !ChangeColumn.names().contains(field.name().toLowerCase(Locale.ROOT)))
            .toList();
    var data = fields.stream().map(StructField::name).toList();
    OURS.stream()
        .filter(column -> data.stream().anyMatch(column.name()::equalsIgnoreCase))
        .findFirst()
        .ifPresent(
            column -> {
              throw bad("the table has a column of this name itself", column.name());
            });
    key.stream()
        .filter(column -> data.stream().noneMatch(column::equalsIgnoreCase))
        .findFirst()
        .ifPresent(
            column -> {
              throw bad("the table has no such key column", column);
            });
    var columns = new ArrayList<Column>();
    fields.forEach(
        field -> columns.add(optional(field.name(), field.dataType().sql(), "Of Postgres")));
    columns.addAll(OURS);
    var declaration =
        TableDeclaration.table(
                "silver", name + "_history", "One row per version of a row of bronze." + name)
            .columns(columns)
            .changeFeed()
            // So that a column of that type can be added later.
            .property("delta.feature.timestampNtz", "supported");
    return new HistoryTable(declaration, data, List.copyOf(key));
  }

  /** The statement that brings all versions of some keys into the history. */
  String merge(Table history, Table bronze, String changed) {
    return MERGE.fill(
        Map.of(
            "history", history.sqlName(),
            "bronze", bronze.sqlName(),
            "changed", changed,
            "columns", names(data, ""),
            "new_columns", names(data, "v."),
            "key", names(key, ""),
            "bronze_key", names(key, "b."),
            "same_as_changed", same("b", "c"),
            "same_as_history", same("h", "v")));
  }

  private String same(String one, String other) {
    return key.stream()
        .map(Sql::identifier)
        .map(column -> "%s.%s = %s.%s".formatted(one, column, other, column))
        .collect(Collectors.joining(" AND "));
  }

  private static String names(List<String> columns, String prefix) {
    return columns.stream()
        .map(column -> prefix + Sql.identifier(column))
        .collect(Collectors.joining(", "));
  }

  private static RuntimeException bad(String reason, String column) {
    return ErrorCode.NO_HISTORY.error().with("column", column).with("reason", reason);
  }
}
