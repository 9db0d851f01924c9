package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;

/** A table as the log describes it, and where its columns stand in the output. */
final class LoggedTable {
  private final PostgresTable planned;
  private final boolean isWanted;
  private final List<Place> places;
  private final int[] absent;
  private final boolean isKnown;
  private final Optional<String> keyNotLogged;

  /** The column of a message at the same number; nothing for one that is not wanted. */
  private record Place(PostgresColumn column, int output, boolean isKey) {}

  private LoggedTable(
      PostgresTable planned,
      boolean isWanted,
      List<Place> places,
      int[] absent,
      boolean isKnown,
      Optional<String> keyNotLogged) {
    this.planned = planned;
    this.isWanted = isWanted;
    this.places = places;
    this.absent = absent;
    this.isKnown = isKnown;
    this.keyNotLogged = keyNotLogged;
  }

  static LoggedTable of(ReadPartition partition, LogMessages.Relation relation) {
    var planned = partition.table();
    // By number: the log has the name that the table bore at the time.
    var wanted = relation.id() == (int) planned.oid();
    var places = new ArrayList<Place>();
    for (var name : relation.columns()) {
      planned.columns().stream()
          .filter(column -> column.name().equals(name))
          .findFirst()
          .map(column -> new Place(column, partition.place(column), planned.key().contains(column)))
          .ifPresent(places::add);
    }
    var present = places.stream().map(Place::column).toList();
    var absent =
        planned.columns().stream()
            .filter(column -> !present.contains(column))
            .mapToInt(partition::place)
            .filter(output -> output >= 0)
            .toArray();
    var keyNotLogged =
        planned.key().stream()
            .map(PostgresColumn::name)
            .filter(name -> !relation.identity().contains(name))
            .findFirst();
    return new LoggedTable(
        planned,
        wanted,
        List.copyOf(places),
        absent,
        places.size() == relation.columns().size(),
        keyNotLogged);
  }

  boolean isWanted() {
    return isWanted;
  }

  /** A column that the plan does not know was added while the stream runs. */
  void requireKnown() {
    if (!isKnown) {
      throw ErrorCode.LAKEBASE_TABLE_CHANGED.error().with("table", planned.name());
    }
  }

  /** Which row was changed or deleted, the log tells by the replica identity alone. */
  void requireKey() {
    keyNotLogged.ifPresent(
        column -> {
          throw notLogged(column);
        });
  }

  boolean isOtherKey(LogMessages.Tuple old, LogMessages.Tuple values) {
    for (var column = 0; column < places.size(); column++) {
      if (places.get(column).isKey() && values.kind(column) == 't' && !values.isSame(column, old)) {
        return true;
      }
    }
    return false;
  }

  /** Writes the key alone. */
  void writeKey(UnsafeRowWriter row, LogMessages.Tuple values) {
    for (var column = 0; column < places.size(); column++) {
      if (places.get(column).isKey()) {
        write(row, column, values);
      } else if (places.get(column).output() >= 0) {
        row.setNullAt(places.get(column).output());
      }
    }
    noAbsent(row);
  }

  /** Writes all values; one that Postgres did not send since it is the old one is taken there. */
  void writeRow(UnsafeRowWriter row, LogMessages.Tuple values, LogMessages.Tuple old) {
    for (var column = 0; column < places.size(); column++) {
      var isOld = values.kind(column) == 'u';
      var from = isOld ? old : values;
      // It has a value: a null is one that is not in the log.
      if (isOld && (old == null || old.kind(column) != 't')) {
        throw notLogged(places.get(column).column().name());
      }
      write(row, column, from);
    }
    noAbsent(row);
  }

  private RuntimeException notLogged(String column) {
    return ErrorCode.LAKEBASE_VALUE_NOT_LOGGED
        .error()
        .with("table", planned.name())
        .with("column", column);
  }

  private void noAbsent(UnsafeRowWriter row) {
    for (var output : absent) {
      row.setNullAt(output);
    }
  }

  private void write(UnsafeRowWriter row, int column, LogMessages.Tuple values) {
    var place = places.get(column);
    if (place.output() < 0) {
      return;
    }
    if (values.kind(column) == 'n') {
      row.setNullAt(place.output());
    } else {
      TextValues.write(
          place.column().type(),
          values.data(),
          values.offset(column),
          values.length(column),
          row,
          place.output());
    }
  }
}
