package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * All that the one task of a read needs, in memory alone: it may hold a token.
 *
 * @param login who logs in, as a task can
 * @param table what the plan knows of the table
 * @param output the names of the columns that Spark wants, in their order
 * @param position the text of {@code _position}
 * @param sequenceAbove what is added to every {@code _sequence}
 */
record ReadPartition(
    ConnectionInfoProvider login,
    PostgresTable table,
    List<String> output,
    ReadWork work,
    String position,
    long sequenceAbove)
    implements InputPartition {

  ReadPartition {
    output = List.copyOf(output);
  }

  /** The table's columns among those that Spark wants, in the order of the output. */
  static List<PostgresColumn> wanted(PostgresTable table, List<String> output) {
    return output.stream()
        .flatMap(name -> table.columns().stream().filter(column -> column.shown().equals(name)))
        .toList();
  }

  int place(PostgresColumn column) {
    return output.indexOf(column.shown());
  }

  /** Where Kurrentlake's columns stand in the output, as far as they are wanted. */
  Map<ChangeColumn, Integer> places() {
    var places = new EnumMap<ChangeColumn, Integer>(ChangeColumn.class);
    for (var change : ChangeColumn.values()) {
      if (output.contains(change.column())) {
        places.put(change, output.indexOf(change.column()));
      }
    }
    return places;
  }

  static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
  }
}
