package io.github.kurrentlake.replay;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;
import static org.apache.spark.sql.functions.col;

import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** {@code ops.replays}: how far each replay is, and what it takes to undo it. */
final class ReplaysTable {
  static final String BUILDING = "building";
  static final String SWITCHED = "switched";
  static final String DROPPED = "dropped";
  static final String ROLLED_BACK = "rolled back";

  /**
   * A row is a table of a replay; the key is {@code replay_id} with {@code table_name}. A replay is
   * open while a row of it is being built.
   */
  static final TableDeclaration DECLARATION =
      TableDeclaration.table("ops", "replays", "One row per replay and table that it makes again")
          .columns(
              List.of(
                  required("replay_id", "STRING", "The replay"),
                  required("table_name", "STRING", "The table"),
                  required("scope", "STRING", "What was made again, and of what"),
                  required("request", "STRING", "Hash of the scope and the declarations"),
                  required("state", "STRING", "building, switched, dropped or rolled back"),
                  required("begun_at", "TIMESTAMP", "When the replay began, UTC"),
                  required("changed_at", "TIMESTAMP", "When it came to this state, UTC"),
                  optional("rows_same", "BIGINT", "Rows that were alike"),
                  optional("rows_changed", "BIGINT", "Rows that differed"),
                  optional("rows_came", "BIGINT", "Rows that only the new table had"),
                  optional("rows_gone", "BIGINT", "Rows that only the old table had"),
                  optional("commit_version", "BIGINT", "The commit that switched the table"),
                  optional("former_declaration", "STRING", "Fingerprint of the rows before")))
          .reliableKey("replay_id", "table_name");

  private static final String NOTED = "kurrentlake_noted";

  private static final StructType TYPE = DECLARATION.rowType();

  private final SparkSession spark;
  private final Table table;

  ReplaysTable(SparkSession spark, Lakehouse lakehouse) {
    this.spark = spark;
    this.table = lakehouse.ensure(spark, DECLARATION);
  }

  /** A table of a replay. */
  record Entry(
      String replayId,
      String table,
      String request,
      String state,
      OptionalLong commitVersion,
      Optional<String> formerDeclaration) {}

  /** The replay that is not finished, its tables in the order in which they are switched. */
  List<Entry> open() {
    return newest("replay_id IN (SELECT replay_id FROM %s WHERE state = '%s')", BUILDING);
  }

  /** The last replay that switched a table and was not rolled back. */
  List<Entry> lastSwitched() {
    return newest("replay_id IN (SELECT replay_id FROM %s WHERE state = '%s')", SWITCHED);
  }

  private List<Entry> newest(String condition, String state) {
    var entries =
        table
            .read(spark)
            .filter(condition.formatted(table.sqlName(), state))
            .orderBy(col("begun_at").desc(), col("replay_id"), col("table_name"))
            .select(
                "replay_id",
                "table_name",
                "request",
                "state",
                "commit_version",
                "former_declaration")
            .collectAsList()
            .stream()
            .map(ReplaysTable::entry)
            .toList();
    return entries.stream()
        .filter(entry -> entry.replayId().equals(entries.get(0).replayId()))
        .toList();
  }

  private static Entry entry(Row row) {
    return new Entry(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.isNullAt(4) ? OptionalLong.empty() : OptionalLong.of(row.getLong(4)),
        Optional.ofNullable(row.getString(5)));
  }

  /** Begins a replay. */
  List<Entry> begin(List<String> tables, String scope, String request) {
    var id = UUID.randomUUID().toString();
    var now = Timestamp.from(Instant.now());
    var rows = new ArrayList<Row>();
    for (var name : tables) {
      rows.add(
          RowFactory.create(
              id, name, scope, request, BUILDING, now, now, null, null, null, null, null, null));
    }
    table.append(spark.createDataFrame(rows, TYPE));
    return open();
  }

  /**
   * Notes what the tables will be switched from.
   *
   * @param former by a table's name the fingerprint of the declaration of its rows
   */
  void compared(List<Replayed> tables, Map<String, String> former) {
    merge(
        tables.stream()
            .map(
                one ->
                    RowFactory.create(
                        one.table(),
                        one.same(),
                        one.changed(),
                        one.came(),
                        one.gone(),
                        former.get(one.table())))
            .toList(),
        "table_name STRING, same BIGINT, changed BIGINT, came BIGINT, gone BIGINT, former STRING",
        "rows_same = noted.same, rows_changed = noted.changed, rows_came = noted.came,"
            + " rows_gone = noted.gone, former_declaration = noted.former");
  }

  /**
   * Notes that the tables were switched.
   *
   * @param versions by a table's name the number of the commit; none for those that had nothing to
   *     switch
   */
  void switched(List<String> tables, Map<String, Long> versions) {
    merge(
        tables.stream().map(name -> RowFactory.create(name, versions.get(name))).toList(),
        "table_name STRING, version BIGINT",
        "state = '%s', commit_version = noted.version".formatted(SWITCHED));
  }

  /** Writes what is noted of the tables of the open replay that are not switched. */
  private void merge(List<Row> rows, String columns, String changes) {
    spark
        .createDataFrame(rows, (StructType) DataType.fromDDL(columns))
        .createOrReplaceTempView(NOTED);
    var statement =
        "MERGE INTO %s AS stored USING %s AS noted ON stored.table_name = noted.table_name"
                .formatted(table.sqlName(), NOTED)
            + " AND stored.state = '%s' WHEN MATCHED THEN UPDATE SET changed_at = current_timestamp(), %s"
                .formatted(BUILDING, changes);
    Conflicts.retried(() -> spark.sql(statement));
  }

  /** Notes that all tables of a replay that are in one state came to another. */
  void state(String replayId, String from, String to) {
    Conflicts.retried(
        () ->
            spark.sql(
                "UPDATE %s SET state = '%s', changed_at = current_timestamp() WHERE replay_id = %s AND state = '%s'"
                    .formatted(table.sqlName(), to, Sql.literal(replayId), from)));
  }
}
