package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.table.SqlTemplate;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The table that one run's rows are copied into, before they become visible in one transaction. It
 * lies in the schema {@code kurrentlake} and its name begins with that of the synced table's hash,
 * so that the next run finds what a killed one left.
 *
 * @param marks Kurrentlake's columns behind the synced ones; none for a whole table
 */
record Staging(
    TableName name, SyncedTable table, SyncedColumns columns, Optional<ChangeMarks> marks) {
  private static final String SCHEMA = "kurrentlake";

  /** With the driver's own connection these are the four that a sync may have. */
  private static final int TASKS = 3;

  private static final String ABANDONED =
      SqlTemplate.beside(Staging.class, "abandoned.sql").fill(Map.of());
  private static final SqlTemplate REMOVE_DOUBLES =
      SqlTemplate.beside(Staging.class, "remove_doubles.sql");

  /** What becomes of a staging table. */
  enum Fate {
    /** It is read once and dropped, so that its rows need no log. */
    UNLOGGED,
    /** It becomes the synced table. */
    LASTING
  }

  static Staging ofWhole(SyncedTable table, SyncedColumns columns) {
    return new Staging(newName(table), table, columns, Optional.empty());
  }

  static Staging ofChanges(SyncedTable table, SyncedColumns columns, ChangeMarks marks) {
    return new Staging(newName(table), table, columns, Optional.of(marks));
  }

  /** Drops what killed runs left; only the holder of the table's lock may. */
  static void dropAbandoned(SyncConnection connection) throws SQLException {
    for (var name : connection.query(ABANDONED, prefix(connection.target())).texts()) {
      connection.execute("DROP TABLE IF EXISTS " + TableName.of(SCHEMA, name).sql());
    }
  }

  void create(SyncConnection connection, Fate fate) throws SQLException {
    var ddl = columns.ddl() + marks.map(ChangeMarks::ddl).orElse("");
    var statement =
        switch (fate) {
          case UNLOGGED -> "CREATE UNLOGGED TABLE %s (%s)";
          // With room in its pages an updated row stays in its page and out of the indexes.
          case LASTING -> "CREATE TABLE %s (%s) WITH (fillfactor = 90)";
        };
    connection.execute(statement.formatted(name.sql(), ddl));
  }

  /**
   * Copies rows into the table, from at most three tasks at once.
   *
   * @param rows the columns' texts in their order, then the marks
   * @return what came from tasks that Spark counts
   */
  Copied copy(Dataset<Row> rows, ConnectionInfoProvider lakebase) {
    var names = columns.names() + marks.map(ChangeMarks::names).orElse("");
    var copy = "COPY %s (%s) FROM STDIN".formatted(name.sql(), names);
    var content = marks.isPresent() ? CopyTask.Content.CHANGES : CopyTask.Content.ROWS;
    var task =
        new CopyTask(
            lakebase,
            copy,
            columns.all(),
            columns.key().size(),
            content,
            table.badText(),
            table.source().toString(),
            table.target().toString());
    // A third task on two cores would run alone behind the others.
    var tasks = Math.min(TASKS, rows.sparkSession().sparkContext().defaultParallelism());
    try {
      return rows.coalesce(tasks).mapPartitions(task, Copied.encoder()).collectAsList().stream()
          .map(Copied::of)
          .reduce(Copied.NOTHING, Copied::plus);
    } catch (Exception e) {
      // Spark puts its own around what a task threw, some of it checked and not declared.
      var known = Causes.known(e);
      if (known.isPresent()) {
        throw known.get();
      }
      throw e;
    }
  }

  /**
   * Waits for tasks that Spark no longer counts, and takes away what they copied once more. Part of
   * the last transaction, after which no such task finds the table.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-643 when the source itself has a
   *     key twice
   */
  void settle(SyncConnection connection, long expected) throws SQLException {
    connection.execute("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE".formatted(name.sql()));
    var found = connection.number("SELECT count(*) FROM " + name.sql());
    if (found != expected) {
      var key = columns.keyNames();
      var same = columns.sameKey("s", "d");
      if (marks.isPresent()) {
        // A key can go in one row and come in another, which may be left out.
        for (var mark : List.of(marks.get().deleted(), marks.get().net())) {
          key += ", " + mark.sql();
          same += " AND s.%1$s IS NOT DISTINCT FROM d.%1$s".formatted(mark.sql());
        }
      }
      var values = Map.of("staging", name.sql(), "key", key, "same", same);
      if (found - connection.update(REMOVE_DOUBLES.fill(values)) != expected) {
        throw doubledKey(connection.target());
      }
    }
    // What the planner needs for the joins.
    connection.execute("ANALYZE %s (%s)".formatted(name.sql(), columns.keyNames()));
  }

  RuntimeException doubledKey(TableName target) {
    return ErrorCode.DUPLICATE_KEY
        .error()
        .with("table", target)
        .with("key", columns.key().stream().map(column -> column.name().name()).toList());
  }

  /** Takes the table away after a failure; if that fails too, the next run does it. */
  void dropAfter(Exception failure, SyncConnection connection) {
    try {
      connection.execute("DROP TABLE IF EXISTS " + name.sql());
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private static TableName newName(SyncedTable table) {
    var run = UUID.randomUUID().toString().replace("-", "");
    return TableName.of(SCHEMA, prefix(table.target()) + run);
  }

  private static String prefix(TableName target) {
    var hash = UUID.nameUUIDFromBytes(target.sql().getBytes(StandardCharsets.UTF_8));
    return "sync_" + hash.toString().substring(0, 13).replace("-", "") + "_";
  }
}
