package io.github.kurrentlake.lakebase.source;

import static io.github.kurrentlake.lakebase.source.LakebaseOption.CURSOR_COLUMN;
import static io.github.kurrentlake.lakebase.source.LakebaseOption.LAG;
import static io.github.kurrentlake.lakebase.source.LakebaseOption.OVERLAP;
import static io.github.kurrentlake.lakebase.source.LakebaseOption.XID_COLUMN;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.settings.Setting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** What the options ask for, of a table that was found as the mode needs it. */
record ReadRequest(
    Connections connections, PostgresTable table, ReadMode mode, CaseInsensitiveStringMap options) {

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102, KL-103 or KL-106 for the
   *     options, KL-620 to KL-622 for the table, KL-602 to KL-609 for the way to it
   */
  static ReadRequest of(CaseInsensitiveStringMap options) {
    LakebaseOption.refuseSecrets(options);
    var connections =
        new LakebaseAddress(
                LakebaseOption.LAKEBASE.get(options),
                LakebaseOption.PASSWORD_FILE.find(options).orElse(""),
                LakebaseOption.PASSWORD_SECRET.find(options).orElse(""))
            .connections();
    var name = LakebaseOption.TABLE.get(options);
    var mode = LakebaseOption.MODE.get(options);
    var keyColumns = LakebaseOption.KEY_COLUMNS.find(options).orElse(List.of());
    return ReadSession.with(
        connections,
        connection -> {
          var table = PostgresTable.read(connection, name, keyColumns);
          var request = new ReadRequest(connections, table, mode, options);
          request.requirePrepared(connection);
          return request;
        });
  }

  StructType schema() {
    var schema = new StructType();
    for (var column : table.columns()) {
      // The log of PostgreSQL 17 does not have them, and that of 18 only where one asks for it.
      if (mode != ReadMode.SLOT || !column.generated()) {
        schema = schema.add(column.shown(), column.type().spark(), true, column.postgres());
      }
    }
    for (var change : ChangeColumn.values()) {
      schema = schema.add(change.column(), change.type(), change.nullable());
    }
    return schema;
  }

  long maxRows() {
    return LakebaseOption.MAX_ROWS_PER_TRIGGER.find(options).orElse(Long.MAX_VALUE);
  }

  /**
   * @param checkpoint where the stream keeps its offsets; the empty text for a batch
   */
  Extraction extraction(String checkpoint) {
    var deletes = LakebaseOption.DELETES.get(options);
    return switch (mode) {
      case XMIN -> XidExtraction.byXmin(table, deletes);
      case XID8 ->
          XidExtraction.byColumn(table, deletes, table.column(XID_COLUMN, XID_COLUMN.get(options)));
      case MONOTONIC -> new MonotonicExtraction(table, cursor(), span(LAG), span(OVERLAP));
      case SLOT -> {
        var slot = slot();
        yield new SlotExtraction(table, slot, new SlotIntent(checkpoint, slot.name()));
      }
    };
  }

  /** The end of all that could be read now. */
  Position furthest(Extraction extraction) {
    return ReadSession.with(
        connections,
        connection -> {
          var now = ClusterState.of(connection);
          return extraction.furthest(connection, now, Position.start(mode, now));
        });
  }

  ReplicationSlot slot() {
    return new ReplicationSlot(
        connections,
        LakebaseOption.SLOT.find(options).orElseGet(this::usualSlot).name(),
        LakebaseOption.PUBLICATION.get(options).name());
  }

  private Identifier usualSlot() {
    return ChangeTracking.slot(table.name());
  }

  ReadPartition partition(StructType wanted, ReadWork work, Position position) {
    return new ReadPartition(
        connections.provider().forTasks(),
        table,
        List.of(wanted.fieldNames()),
        work,
        position.json(),
        LakebaseOption.SEQUENCE_ABOVE.get(options));
  }

  private PostgresColumn cursor() {
    var name = CURSOR_COLUMN.get(options);
    var column = table.column(CURSOR_COLUMN, name);
    if (!column.type().isWholeNumber() && !column.type().isTime()) {
      throw bad(CURSOR_COLUMN, name, "a column of whole numbers or times");
    }
    return column;
  }

  private CursorDistance span(Setting<CursorDistance> option) {
    var span = option.get(options);
    var fits = cursor().type().isTime() == (span.unit() == CursorDistance.Unit.TIME);
    if (!span.isNothing() && !fits) {
      throw bad(option, options.get(option.name()), "a duration for times, a number for numbers");
    }
    return span;
  }

  private static RuntimeException bad(Setting<?> option, String value, String expected) {
    return ErrorCode.BAD_OPTION
        .error()
        .with("option", option.name())
        .with("value", value)
        .with("expected", expected);
  }

  private void requirePrepared(Connection connection) throws SQLException {
    switch (mode) {
      case XMIN ->
          require(
              List.of("r", "p", "m").contains(table.kind()),
              "rows of its own: it is a view or a foreign table");
      case XID8 -> {
        var name = XID_COLUMN.get(options);
        var type =
            table.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .map(PostgresColumn::postgres);
        require(type.equals(Optional.of("xid8")), "the column " + name + " xid8");
      }
      case MONOTONIC -> cursor();
      case SLOT -> {
        var fits =
            table.identity().equals("f")
                || table.columns().stream().noneMatch(PostgresColumn::large);
        require(fits, "REPLICA IDENTITY FULL, without which updates lack large values");
        require(
            table.key().stream().noneMatch(PostgresColumn::generated),
            "a key without generated columns, which this mode does not read");
        Publication.require(connection, LakebaseOption.PUBLICATION.get(options).name(), table);
      }
    }
    if (LakebaseOption.DELETES.get(options) == Deletes.TOMBSTONES) {
      require(mode != ReadMode.MONOTONIC, "the mode XMIN or XID8, which tombstones need");
      require(
          Query.of(
                  connection,
                  "SELECT FROM pg_trigger WHERE tgname = 'kurrentlake_deleted'"
                      + " AND tgrelid = ?::regclass AND tgenabled <> 'D'",
                  table.sql())
              .hasRow(),
          "the trigger kurrentlake_deleted");
    }
  }

  private void require(boolean fits, String lack) {
    if (!fits) {
      throw ErrorCode.LAKEBASE_NOT_PREPARED
          .error()
          .with("table", table.name())
          .with("mode", mode)
          .with("lacks", lack);
    }
  }
}
