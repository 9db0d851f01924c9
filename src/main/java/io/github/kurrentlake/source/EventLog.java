package io.github.kurrentlake.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Questions about the log that read its index only. A query sees a prefix of the log, so whatever a
 * range holds when it is planned, it holds when it is read.
 */
public final class EventLog {
  private final Connection connection;
  private final String category;

  public EventLog(Connection connection, String category) {
    this.connection = connection;
    this.category = category;
  }

  /** What KurrentDB says of an event. */
  public record Event(String stream, String schemaName) {}

  /** The next events above a position, at most so many; empty when there are none. */
  public Optional<PositionRange> next(long above, long limit) {
    return ranges(RecordsSql.next(category, above, limit), above).stream().findFirst();
  }

  /** How many events there are above a position and up to another; empty when there are none. */
  public Optional<PositionRange> measure(long above, long through) {
    return ranges(RecordsSql.measure(category, above, through), above).stream().findFirst();
  }

  /**
   * The range cut into that many disjoint parts of about equal event count; fewer if it is small.
   */
  public List<PositionRange> split(PositionRange range, int parts) {
    return ranges(RecordsSql.split(category, range, parts), range.above());
  }

  /** The event at a position; empty when the log has none of this category there. */
  public Optional<Event> event(long position) {
    var found = new ArrayList<Event>();
    connection.forEachBatch(
        RecordsSql.event(category, position),
        batch -> {
          for (var row = 0; row < batch.getRowCount(); row++) {
            found.add(new Event(text(batch, "stream", row), text(batch, "schema_name", row)));
          }
        });
    return found.stream().findFirst();
  }

  /** Whether the log holds no event at all, of any category. */
  public boolean isEmpty() {
    var rows = new ArrayList<Integer>();
    connection.forEachBatch(RecordsSql.any(), batch -> rows.add(batch.getRowCount()));
    return rows.stream().allMatch(count -> count == 0);
  }

  private List<PositionRange> ranges(String sql, long above) {
    var ranges = new ArrayList<PositionRange>();
    connection.forEachBatch(
        sql,
        batch -> {
          for (var row = 0; row < batch.getRowCount(); row++) {
            var events = number(batch, "events", row);
            if (events > 0) {
              var start = ranges.isEmpty() ? above : ranges.get(ranges.size() - 1).through();
              ranges.add(new PositionRange(start, number(batch, "through", row), events));
            }
          }
        });
    return List.copyOf(ranges);
  }

  private static long number(VectorSchemaRoot batch, String column, int row) {
    return ((BigIntVector) batch.getVector(column)).get(row);
  }

  private static String text(VectorSchemaRoot batch, String column, int row) {
    return ((VarCharVector) batch.getVector(column)).getObject(row).toString();
  }
}
