package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.SessionFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxRows;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;

/**
 * The log as a stream. An offset is a position, so a micro-batch that is repeated reads the same
 * events. Where the stream began is kept beside the checkpoint's offsets: {@code latest} or a time
 * would mean another position when the first batch is repeated.
 *
 * <p>Used by the query's own thread.
 */
final class EventStream
    implements MicroBatchStream, SupportsTriggerAvailableNow, ReportsSourceMetrics {
  private static final String START = "starting-position.json";

  private final LogRequest request;
  private final List<SourceColumn> columns;
  private final Path start;
  private Connection connection;
  private long bound;
  private long initial = Long.MIN_VALUE;
  private OptionalLong latest = OptionalLong.empty();
  private long eventsBehind;

  EventStream(LogRequest request, List<SourceColumn> columns, String checkpointLocation) {
    this.request = request;
    this.columns = columns;
    this.start = new Path(checkpointLocation, START);
    this.bound = request.through();
  }

  @Override
  public Offset initialOffset() {
    try {
      var files = files();
      var stored = stored(files);
      var offset = stored.isPresent() ? stored.get() : store(files);
      initial = offset.position();
      return offset;
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", start).causedBy(e);
    }
  }

  private FileSystem files() throws IOException {
    return SessionFiles.of(SparkSession.active(), start);
  }

  private Optional<LogOffset> stored(FileSystem files) throws IOException {
    if (!files.exists(start)) {
      return Optional.empty();
    }
    try (var input = files.open(start)) {
      return Optional.of(LogOffset.parse(new String(input.readAllBytes(), StandardCharsets.UTF_8)));
    }
  }

  /** The file is there as a whole or not at all, wherever the process dies. */
  private LogOffset store(FileSystem files) throws IOException {
    var offset = new LogOffset(request.start().above(log()));
    var draft = start.suffix("." + UUID.randomUUID() + ".tmp");
    files.mkdirs(start.getParent());
    try (var output = files.create(draft, false)) {
      output.write(offset.json().getBytes(StandardCharsets.UTF_8));
    }
    if (!files.rename(draft, start)) {
      throw new IOException("The file could not be put in place");
    }
    return offset;
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    return request.maxEvents() > 0
        ? ReadLimit.maxRows(request.maxEvents())
        : ReadLimit.allAvailable();
  }

  @Override
  public void prepareForTriggerAvailableNow() {
    bound = Math.min(request.through(), log().last());
  }

  @Override
  public Offset latestOffset() {
    throw new UnsupportedOperationException("latestOffset(Offset, ReadLimit) is called instead");
  }

  @Override
  public Offset latestOffset(Offset from, ReadLimit limit) {
    var above = ((LogOffset) from).position();
    var log = log();
    var found = log.measure(above, bound);
    if (found.isEmpty()) {
      requireLogThrough(above, log);
      latest = OptionalLong.of(above);
      eventsBehind = 0;
      return from;
    }
    var all = found.get();
    latest = OptionalLong.of(all.through());
    var most = limit instanceof ReadMaxRows rows ? rows.maxRows() : Long.MAX_VALUE;
    var batch = all.events() <= most ? found : log.next(above, all.through(), most);
    eventsBehind = all.events() - batch.map(EventLog.Slice::events).orElse(0L);
    return new LogOffset(batch.orElse(all).through());
  }

  /**
   * A log that ends before what was read from it was restored or truncated, or the node is behind:
   * waiting in silence could last for ever, and then skip events.
   */
  private void requireLogThrough(long position, EventLog log) {
    if (position != initial) {
      log.require(LogTable.RECORDS, position, "stream has reached");
    }
  }

  @Override
  public Offset reportLatestOffset() {
    return latest.isPresent() ? new LogOffset(latest.getAsLong()) : null;
  }

  /**
   * {@code eventsBehind}: wanted events that KurrentDB's index held when the batch was planned and
   * that the batch left for later; {@code logBytesBehind}: how much of the log lies between.
   */
  @Override
  public Map<String, String> metrics(Optional<Offset> consumed) {
    if (latest.isEmpty() || consumed.isEmpty()) {
      return Map.of();
    }
    var position = ((LogOffset) consumed.get()).position();
    return Map.of(
        "eventsBehind", Long.toString(eventsBehind),
        "logBytesBehind", Long.toString(Math.max(0, latest.getAsLong() - position)));
  }

  @Override
  public InputPartition[] planInputPartitions(Offset from, Offset to) {
    var log = log();
    var through = ((LogOffset) to).position();
    var table = request.selection().table();
    if (table.isUserIndex()) {
      // It may be behind the index of all records, which is what a plan asks.
      log.require(table, through, "micro-batch ends at");
    }
    var ranges =
        request.planner(log).plan(((LogOffset) from).position(), through, OptionalLong.empty());
    return RangePartition.all(request, columns, ranges);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ReaderFactory();
  }

  @Override
  public Offset deserializeOffset(String json) {
    return LogOffset.parse(json);
  }

  @Override
  public void commit(Offset end) {
    // KurrentDB keeps no position for its readers.
  }

  @Override
  public void stop() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  private EventLog log() {
    return request.log(connection());
  }

  private Connection connection() {
    if (connection == null) {
      connection = request.connect(KurrentDbSource.PLANNING_MEMORY);
    }
    return connection;
  }
}
