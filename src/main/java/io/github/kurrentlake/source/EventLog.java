package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Questions about the log that read its index only. A query sees a prefix of the log, so whatever a
 * range holds when it is planned, it holds when it is read. A question that fails for a passing
 * reason is asked again.
 */
public final class EventLog {
  private final Connection connection;
  private final Selection selection;

  /** The events of one category. */
  public EventLog(Connection connection, String category) {
    this(connection, Selection.category(category));
  }

  EventLog(Connection connection, Selection selection) {
    this.connection = connection;
    this.selection = selection;
  }

  /** Some events that lie together: where the first and the last is, and how many there are. */
  record Slice(long number, long first, long through, long events) {}

  /** The next events above a position, at most so many; empty when there are none. */
  public Optional<PositionRange> next(long above, long limit) {
    return next(above, Long.MAX_VALUE, limit).map(slice -> range(above, slice));
  }

  /** As {@link #next(long, long)}, but not beyond a position. */
  Optional<Slice> next(long above, long through, long limit) {
    return slice(RecordsSql.next(selection.within(above, through), limit));
  }

  /** Where the events above a position and up to another lie; empty when there are none. */
  Optional<Slice> measure(long above, long through) {
    return slice(RecordsSql.measure(selection.within(above, through)));
  }

  /**
   * The answer of a node whose index has reached a position: fewer events below it than were
   * written are no answer. A node that is behind gets the time of the retries.
   *
   * @param question asked again once the index has reached the position
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-216 for a node that stays behind
   */
  Optional<Slice> whole(long through, Supplier<Optional<Slice>> question) {
    var found = question.get();
    if (found.filter(slice -> slice.through() == through).isPresent()) {
      return found;
    }
    require(LogTable.RECORDS, through, "read ends at");
    return question.get();
  }

  /**
   * Returns when the index behind a table has reached a position; each has its own progress.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-216 when it does not
   */
  void require(LogTable table, long position, String what) {
    var retries = connection.retries();
    for (var last = last(table); last < position; last = last(table)) {
      retries.await(
          ErrorCode.SOURCE_BEHIND
              .error()
              .with("endpoint", connection.endpoint())
              .with(what, position)
              .with("log ends at", last));
    }
  }

  /**
   * Returns when the node's index has reached a position.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-216 for a node that stays behind
   */
  public void requireReached(long position) {
    require(LogTable.RECORDS, position, "read ends at");
  }

  /** How many events there are above a position and up to another. */
  long count(long above, long through) {
    return measure(above, through).map(Slice::events).orElse(0L);
  }

  /** How the events of a range lie in the log, in order, by slices of so many bytes of it. */
  List<Slice> slices(PositionRange range, long width) {
    return connection.ask(
        RecordsSql.slices(selection.within(range.above(), range.through()), range.above(), width),
        (batch, answer) -> {
          for (var row = 0; row < batch.getRowCount(); row++) {
            answer.accept(read(batch, row, number(batch, "slice", row)));
          }
        });
  }

  /** The same questions about everything in the log. */
  public EventLog ofEverything() {
    return new EventLog(connection, Selection.everything());
  }

  /** The same questions about the events of a category. */
  public EventLog of(String category) {
    return new EventLog(connection, category);
  }

  boolean isOfEverything() {
    return selection.equals(Selection.everything());
  }

  /** The position of the last event in the log, selected or not; below every position if none. */
  public long last() {
    return last(LogTable.RECORDS);
  }

  private long last(LogTable table) {
    return slice(RecordsSql.measure(new Selection(table, List.of())))
        .map(Slice::through)
        .orElse(StartingPosition.BEFORE_THE_LOG);
  }

  /** The position right before the first event that was created at a time or later. */
  long before(long milliseconds) {
    var since = Selection.everything().and(Condition.createdSince(milliseconds));
    return slice(RecordsSql.measure(since)).map(slice -> slice.first() - 1).orElseGet(this::last);
  }

  /** The first events above a position and up to another, at most so many, in their order. */
  public List<LogEvent> events(long above, long through, long limit) {
    return connection.ask(
        RecordsSql.events(selection.within(above, through), limit),
        (batch, answer) -> {
          for (var row = 0; row < batch.getRowCount(); row++) {
            answer.accept(
                new LogEvent(
                    number(batch, RecordColumns.LOG_POSITION, row),
                    text(batch, RecordColumns.STREAM, row),
                    text(batch, RecordColumns.SCHEMA_NAME, row),
                    OptionalLong.of(number(batch, RecordColumns.STREAM_REVISION, row)),
                    number(batch, RecordColumns.CREATED_AT, row),
                    RecordIds.uuid(bytes(batch, RecordColumns.RECORD_ID, row)),
                    !batch.getVector(RecordColumns.COMMIT_POSITION).isNull(row)));
          }
        });
  }

  /** The same questions about its events of one type. */
  public EventLog ofType(String schemaName) {
    return new EventLog(
        connection, selection.and(Condition.equal(RecordColumns.SCHEMA_NAME, schemaName)));
  }

  /**
   * What an event holds.
   *
   * @param data the payload as KurrentDB shows it; empty where it shows none
   */
  public record Payload(long position, String data) {}

  /** The payloads of the next events above a position, at most so many, in no order. */
  public List<Payload> payloads(long above, long limit) {
    // Found by the index first: a payload is read for each row that a sort takes in.
    return next(above, limit)
        .map(range -> payloads(selection.within(above, range.through())))
        .orElse(List.of());
  }

  private List<Payload> payloads(Selection some) {
    return connection.ask(
        RecordsSql.payloads(some),
        (batch, answer) -> {
          for (var row = 0; row < batch.getRowCount(); row++) {
            answer.accept(
                new Payload(
                    number(batch, RecordColumns.LOG_POSITION, row),
                    batch.getVector(RecordColumns.DATA).isNull(row)
                        ? ""
                        : text(batch, RecordColumns.DATA, row)));
          }
        });
  }

  /**
   * The events of one type in a category.
   *
   * @param newestMillis when the newest was written, epoch milliseconds
   * @param newestPosition where it is
   */
  public record TypeOfEvents(
      String category, String schemaName, long events, long newestMillis, long newestPosition) {}

  /** What the whole log holds, by category and event type. */
  public List<TypeOfEvents> types() {
    return connection.ask(
        RecordsSql.types(),
        (batch, answer) -> {
          for (var row = 0; row < batch.getRowCount(); row++) {
            answer.accept(
                new TypeOfEvents(
                    text(batch, RecordColumns.CATEGORY, row),
                    text(batch, RecordColumns.SCHEMA_NAME, row),
                    number(batch, "events", row),
                    number(batch, "newest", row),
                    number(batch, "through", row)));
          }
        });
  }

  /** Whether the log holds no event at all, of any category. */
  public boolean isEmpty() {
    List<Integer> rows =
        connection.ask(RecordsSql.any(), (batch, answer) -> answer.accept(batch.getRowCount()));
    return rows.stream().allMatch(count -> count == 0);
  }

  private Optional<Slice> slice(String sql) {
    List<Slice> slices =
        connection.ask(
            sql,
            (batch, answer) -> {
              for (var row = 0; row < batch.getRowCount(); row++) {
                answer.accept(read(batch, row, 0));
              }
            });
    return slices.stream().filter(slice -> slice.events() > 0).findFirst();
  }

  private static Slice read(VectorSchemaRoot batch, int row, long number) {
    var events = number(batch, "events", row);
    // The positions of no events are NULL.
    return events == 0
        ? new Slice(number, 0, 0, 0)
        : new Slice(number, number(batch, "first", row), number(batch, "through", row), events);
  }

  private static PositionRange range(long above, Slice slice) {
    return new PositionRange(above, slice.through(), slice.events());
  }

  private static long number(VectorSchemaRoot batch, String column, int row) {
    return ((BigIntVector) batch.getVector(column)).get(row);
  }

  private static byte[] bytes(VectorSchemaRoot batch, String column, int row) {
    return ((VarBinaryVector) batch.getVector(column)).getObject(row);
  }

  private static String text(VectorSchemaRoot batch, String column, int row) {
    return ((VarCharVector) batch.getVector(column)).getObject(row).toString();
  }
}
