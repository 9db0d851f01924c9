package io.github.kurrentlake.lakebase.source;

import static java.util.stream.Collectors.joining;

import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.types.StructType;

/** A stream of a table with a column {@code note}, begun again for every batch, as by a restart. */
final class FollowedTable {
  private final Path checkpoint;
  private final Map<String, Change> last = new TreeMap<>();
  private String position = "";

  /** A row of the stream; {@code key} has its columns as texts with {@code |} between. */
  record Change(String type, String key, String note, long sequence, String xid) {}

  FollowedTable(Path checkpoint) {
    // What a slot notes beside the checkpoint is written by the session.
    SharedSpark.session();
    this.checkpoint = checkpoint;
  }

  /** How far it has come. */
  String position() {
    return position;
  }

  /** Reads all that is new. */
  List<Change> read(ReadRequest request) throws Exception {
    var schema = request.schema();
    var stream = new TableStream(request, schema, checkpoint.toString());
    var from = position.isEmpty() ? stream.initialOffset() : stream.deserializeOffset(position);
    var to = stream.latestOffset(from, ReadLimit.allAvailable());
    var changes = new ArrayList<Change>();
    for (var partition : stream.planInputPartitions(from, to)) {
      try (var reader = stream.createReaderFactory().createReader(partition)) {
        while (reader.next()) {
          changes.add(change(request, schema, reader.get()));
        }
      }
    }
    position = to.json();
    for (var change : changes) {
      last.merge(change.key(), change, (old, now) -> now.sequence() >= old.sequence() ? now : old);
    }
    return changes;
  }

  /** The notes of the rows that are there after all that was read, by their keys. */
  Map<String, String> notes() {
    var notes = new TreeMap<String, String>();
    last.forEach(
        (key, change) -> {
          if (!change.type().equals(ChangeType.DELETE)) {
            notes.put(key, change.note());
          }
        });
    return notes;
  }

  private static Change change(ReadRequest request, StructType schema, InternalRow row) {
    var key =
        request.table().key().stream()
            .map(column -> text(schema, row, column.shown()))
            .collect(joining("|"));
    return new Change(
        text(schema, row, ChangeColumn.PG_CHANGE_TYPE.column()),
        key,
        text(schema, row, "note"),
        Long.parseLong(text(schema, row, ChangeColumn.SEQUENCE.column())),
        text(schema, row, ChangeColumn.PG_XID.column()));
  }

  private static String text(StructType schema, InternalRow row, String column) {
    var place = schema.fieldIndex(column);
    return String.valueOf(row.get(place, schema.apply(place).dataType()));
  }
}
