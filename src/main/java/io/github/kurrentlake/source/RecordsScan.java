package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A batch read of a range of the log. The range's end is fixed when the read is planned and the
 * parts are disjoint, so a task that is retried reads the same events. KurrentDB offers a single
 * endpoint; the parallelism is made here, by parts of equal event count.
 */
final class RecordsScan implements Scan, Batch {
  /** Below this a part is not worth a connection of its own. */
  private static final long SMALLEST_PART = 25_000;

  /** Above this a part is not worth retrying as a whole. */
  private static final long LARGEST_PART = 250_000;

  /** What planning and probing may hold in memory: a few small batches. */
  private static final long PLANNING_MEMORY = 64L << 20;

  private final Request request;
  private final List<RecordColumn> columns;

  private RecordsScan(Request request, List<RecordColumn> columns) {
    this.request = request;
    this.columns = columns;
  }

  /** What the options ask for. */
  record Request(KurrentDb kurrentdb, String category, long above, long through) {

    static Request of(CaseInsensitiveStringMap options) {
      var category = options.get("category");
      if (category == null) {
        throw ErrorCode.MISSING_OPTION.error().with("option", "category");
      }
      return new Request(
          KurrentDbSource.connection(options),
          category,
          options.getLong("startingPosition", -1),
          options.getLong("endingPosition", Long.MAX_VALUE));
    }
  }

  static final class Builder implements ScanBuilder, SupportsPushDownRequiredColumns {
    private final Request request;
    private List<RecordColumn> columns = List.of(RecordColumn.values());

    Builder(Request request) {
      this.request = request;
    }

    @Override
    public void pruneColumns(StructType required) {
      columns = Arrays.stream(required.fieldNames()).map(RecordColumn::of).toList();
    }

    @Override
    public Scan build() {
      return new RecordsScan(request, columns);
    }
  }

  @Override
  public StructType readSchema() {
    var schema = RecordColumn.schema();
    return new StructType(
        columns.stream()
            .map(column -> schema.apply(column.column()))
            .toArray(org.apache.spark.sql.types.StructField[]::new));
  }

  @Override
  public String description() {
    return "kdb.records category=%s log_position in (%d, %d]"
        .formatted(request.category(), request.above(), request.through());
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.SUPPORTED;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    try (var connection = request.kurrentdb().connect(PLANNING_MEMORY)) {
      var log = new EventLog(connection, request.category());
      return log
          .measure(request.above(), request.through())
          .map(range -> log.split(range, parts(range.events())))
          .orElse(List.of())
          .stream()
          .map(range -> new RangePartition(request.kurrentdb(), request.category(), columns, range))
          .toArray(InputPartition[]::new);
    }
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new RangeReader.Factory();
  }

  private static int parts(long events) {
    var cores = SparkSession.active().sparkContext().defaultParallelism();
    var wanted = Math.min(cores, ceilDivide(events, SMALLEST_PART));
    return Math.toIntExact(Math.max(wanted, ceilDivide(events, LARGEST_PART)));
  }

  private static long ceilDivide(long events, long size) {
    return (events + size - 1) / size;
  }
}
