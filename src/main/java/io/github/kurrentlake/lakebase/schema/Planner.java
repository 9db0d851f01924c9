package io.github.kurrentlake.lakebase.schema;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares what is declared with what is there. What is there and not declared stays; what differs
 * in a way that would lose data, or rewrite it, is an error.
 */
record Planner(Catalog catalog) {

  List<Change> plan(List<PgTable> tables) throws SQLException {
    var changes = new ArrayList<Change>();
    for (var schema : tables.stream().map(table -> table.name().schema()).distinct().toList()) {
      if (!catalog.hasSchema(schema)) {
        changes.add(
            new Change(Change.Kind.CREATE_SCHEMA, schema.name(), "CREATE SCHEMA " + schema.sql()));
      }
    }
    for (var table : tables) {
      var found = catalog.table(table.name());
      if (found.isPresent()) {
        existing(table, found.get(), changes);
      } else {
        changes.add(new Change(Change.Kind.CREATE_TABLE, table.name().toString(), table.sql()));
      }
      comments(table, found, changes);
    }
    for (var table : tables) {
      for (var index : table.indexes()) {
        index(table, index, changes);
      }
    }
    return List.copyOf(changes);
  }

  private static void existing(PgTable table, FoundTable found, List<Change> changes) {
    for (var column : table.columns()) {
      var there = found.column(column.name());
      if (there.isEmpty()) {
        changes.add(
            new Change(
                Change.Kind.ADD_COLUMN,
                table.name() + "." + column.name(),
                "ALTER TABLE %s ADD COLUMN %s".formatted(table.name().sql(), column.sql())));
      } else if (!there.get().type().equals(column.type().sql())) {
        throw differs(table)
            .with("column", column.name())
            .with("declared", column.type())
            .with("found", there.get().type());
      }
    }
    var declared = table.primaryKey().stream().map(Identifier::name).toList();
    if (!found.key().equals(declared)) {
      throw differs(table)
          .with("declared", "PRIMARY KEY " + declared)
          .with("found", "PRIMARY KEY " + found.key());
    }
  }

  private static void comments(PgTable table, Optional<FoundTable> found, List<Change> changes) {
    var comment = found.map(FoundTable::comment);
    if (!table.comment().isEmpty() && !comment.equals(Optional.of(table.comment()))) {
      changes.add(
          new Change(
              Change.Kind.COMMENT,
              table.name().toString(),
              "COMMENT ON TABLE %s IS %s"
                  .formatted(table.name().sql(), Literal.of(table.comment()))));
    }
    for (var column : table.columns()) {
      var there = found.flatMap(known -> known.column(column.name())).map(FoundColumn::comment);
      if (!column.comment().isEmpty() && !there.equals(Optional.of(column.comment()))) {
        changes.add(
            new Change(
                Change.Kind.COMMENT,
                table.name() + "." + column.name(),
                "COMMENT ON COLUMN %s.%s IS %s"
                    .formatted(
                        table.name().sql(), column.name().sql(), Literal.of(column.comment()))));
      }
    }
  }

  private void index(PgTable table, PgIndex index, List<Change> changes) throws SQLException {
    var schema = table.name().schema();
    var found = catalog.index(schema, index.name());
    if (found.isPresent() && found.get().usable()) {
      if (!found.get().is(index, table.name())) {
        throw differs(table)
            .with("index", index.name())
            .with("declared", index.sql(table.name()))
            .with("found", found.get());
      }
      return;
    }
    if (found.isPresent()) {
      changes.add(dropBroken(schema, index));
    }
    changes.add(new Change(Change.Kind.CREATE_INDEX, index.name().name(), index.sql(table.name())));
  }

  private static Change dropBroken(Identifier schema, PgIndex index) {
    return new Change(
        Change.Kind.DROP_BROKEN_INDEX,
        index.name().name(),
        "DROP INDEX CONCURRENTLY IF EXISTS %s.%s".formatted(schema.sql(), index.name().sql()));
  }

  private static KurrentlakeException differs(PgTable table) {
    return ErrorCode.LAKEBASE_TABLE_DIFFERS.error().with("table", table.name());
  }
}
