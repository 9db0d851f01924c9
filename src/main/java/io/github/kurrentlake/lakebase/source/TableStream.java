package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxRows;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.apache.spark.sql.types.StructType;

/**
 * A table as a stream. Spark keeps the positions; Postgres keeps one only for a slot, and is told
 * of it when Spark has noted that the batch is done. A connection is open only while a batch is
 * planned or read.
 *
 * <p>Used by the query's own thread.
 */
final class TableStream
    implements MicroBatchStream, SupportsTriggerAvailableNow, ReportsSourceMetrics {
  private final ReadRequest request;
  private final StructType wanted;
  private final Extraction extraction;
  private Optional<Position> bound = Optional.empty();
  private Optional<ClusterState> seen = Optional.empty();

  TableStream(ReadRequest request, StructType wanted, String checkpointLocation) {
    this.request = request;
    this.wanted = wanted;
    this.extraction = request.extraction(checkpointLocation);
  }

  @Override
  public Offset initialOffset() {
    return LakebaseOption.STARTING_POSITION
        .find(request.options())
        .map(Position::parse)
        .orElseGet(this::beginning);
  }

  private Position beginning() {
    return ReadSession.with(
        request.connections(),
        connection -> Position.start(request.mode(), ClusterState.of(connection)));
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    return request.maxRows() == Long.MAX_VALUE
        ? ReadLimit.allAvailable()
        : ReadLimit.maxRows(request.maxRows());
  }

  @Override
  public void prepareForTriggerAvailableNow() {
    bound = Optional.of(request.furthest(extraction));
  }

  @Override
  public Offset latestOffset() {
    throw new UnsupportedOperationException("latestOffset(Offset, ReadLimit) is called instead");
  }

  @Override
  public Offset latestOffset(Offset start, ReadLimit limit) {
    var from = (Position) start;
    var most = limit instanceof ReadMaxRows rows ? rows.maxRows() : Long.MAX_VALUE;
    return ReadSession.with(request.connections(), connection -> next(connection, from, most));
  }

  private Position next(Connection connection, Position from, long most) throws SQLException {
    var now = ClusterState.of(connection);
    seen = Optional.of(now);
    requireSameStream(from, now);
    return extraction.next(connection, now, from, bound, most);
  }

  /** Numbers of another cluster mean other transactions: going on would lose rows in silence. */
  private void requireSameStream(Position from, ClusterState now) throws SQLException {
    if (from.mode() != request.mode()) {
      throw ErrorCode.LAKEBASE_OTHER_STREAM
          .error()
          .with("offset", from)
          .with("mode", request.mode());
    }
    if (!from.isOf(now) || (!from.isStart() && extraction.isAhead(from, now))) {
      throw ErrorCode.LAKEBASE_OTHER_CLUSTER
          .error()
          .with("table", request.table().name())
          .with("stream has reached", from)
          .with("system_identifier", now.cluster())
          .with("timeline", now.timeline())
          .with("next transaction", now.nextTransaction())
          .with("write-ahead log", now.wal());
    }
  }

  @Override
  public InputPartition[] planInputPartitions(Offset start, Offset end) {
    if (start.equals(end)) {
      // Spark begins a stream with a batch even when nothing is there.
      return new InputPartition[0];
    }
    var columns = ReadPartition.wanted(request.table(), List.of(wanted.fieldNames()));
    var to = (Position) end;
    return new InputPartition[] {
      request.partition(wanted, extraction.between(columns, (Position) start, to), to)
    };
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new TableReaderFactory();
  }

  @Override
  public Offset deserializeOffset(String json) {
    return Position.parse(json);
  }

  @Override
  public void commit(Offset end) {
    if (request.mode() == ReadMode.SLOT) {
      ReadSession.with(
          request.connections(),
          connection -> {
            request.slot().advance(connection, ((Position) end).reached());
            return null;
          });
    }
  }

  /**
   * {@code oldestWriterSeconds}: for how long the oldest open transaction that wrote something
   * holds back what committed after it; {@code transactionsBehind}: how many transactions lie
   * between what can be read and the newest.
   */
  @Override
  public Map<String, String> metrics(Optional<Offset> consumed) {
    return seen.map(
            now ->
                Map.of(
                    "oldestWriterSeconds", Long.toString(now.oldestWriterSeconds()),
                    "transactionsBehind", Long.toString(now.nextTransaction() - now.horizon())))
        .orElse(Map.of());
  }

  @Override
  public void stop() {
    // No connection outlives a call.
  }
}
