package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.arrow.vector.BigIntVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads a range and hands the server's Arrow batches to Spark as they are. A batch lives until the
 * next is asked for, and the client fetches only a few ahead, so the memory of a task does not grow
 * with its range. Should the batches be too large for the task's memory all the same, the range is
 * read in halves.
 *
 * <p>A stream that breaks is taken up behind its last event, but only when that is proven to be
 * right: without ORDER BY the server promises no order, and a sort would hold the range in its
 * memory. The proof needs no order. The positions that were handed on ascended, so they are
 * different ones; if the index counts exactly as many events up to the last of them, they are all
 * there are, and none above it was handed on. Otherwise the task fails, and Spark repeats it from
 * the beginning.
 *
 * <p>Events that come without a payload are asked for again: see {@link Refill}.
 *
 * <p>A stream that ends well but brought fewer events than the index had counted when the range was
 * planned came from a node that is behind; it counts as broken.
 */
final class RangeReader extends BatchReader {
  private final RangePartition partition;
  private final EventLog log;
  private final Deque<PositionRange> ranges = new ArrayDeque<>();
  private final Refill refill;

  /** What is handed on: the batch that was loaded, or another in its place. */
  private ColumnarBatch filled;

  /** How far the first of the ranges has been handed on. */
  private long handedOn;

  private long last;
  private boolean ascending = true;

  RangeReader(RangePartition partition) {
    super(
        partition.kurrentdb().connect(partition.memory(), partition.policy()), partition.columns());
    this.partition = partition;
    this.log = new EventLog(connection, partition.selection());
    this.refill = new Refill(partition);
    ranges.add(partition.range());
  }

  @Override
  public boolean next() {
    while (!ranges.isEmpty()) {
      try {
        if (advance()) {
          return true;
        }
        closeRows();
        ranges.remove();
        handedOn = 0;
      } catch (KurrentlakeException e) {
        recover(e);
      }
    }
    return false;
  }

  private boolean advance() {
    var range = ranges.element();
    if (!load(() -> RecordsSql.read(partition.columns(), partition.selection(), range))) {
      if (handedOn < range.events()) {
        throw KurrentDbErrors.missing(partition.kurrentdb(), range, handedOn);
      }
      return false;
    }
    var root = root();
    filled = refill.refilled(root, super.get());
    follow((BigIntVector) root.getVector(SourceColumn.LOG_POSITION.name()));
    connection.counters().arrived(root.getRowCount(), Columns.bytes(root));
    retries.progressed();
    return true;
  }

  private void follow(BigIntVector positions) {
    for (var row = 0; row < positions.getValueCount(); row++) {
      var position = positions.get(row);
      ascending &= handedOn == 0 || position > last;
      last = position;
      handedOn++;
    }
  }

  private void recover(KurrentlakeException failure) {
    var tooLarge = failure.code() == ErrorCode.RESULT_TOO_LARGE;
    if (!tooLarge && !Retries.isTransient(failure)) {
      throw failure;
    }
    closeRows();
    if (!tooLarge) {
      retries.await(failure);
    }
    var rest = handedOn == 0 ? ranges.element() : rest(ranges.element(), failure);
    ranges.remove();
    handedOn = 0;
    if (!tooLarge) {
      ranges.addFirst(rest);
      return;
    }
    var planner = new RangePlanner(log, 1, partition.memory());
    var halves = planner.halve(rest);
    if (halves.size() < 2) {
      throw failure;
    }
    ranges.addFirst(halves.get(1));
    ranges.addFirst(halves.get(0));
  }

  private PositionRange rest(PositionRange range, KurrentlakeException failure) {
    if (!ascending) {
      throw failure.with("not resumed", "the events did not arrive in order");
    }
    var counted = log.count(range.above(), last);
    if (counted != handedOn) {
      throw failure.with(
          "not resumed",
          "%d events arrived through log_position %d, where there are %d"
              .formatted(handedOn, last, counted));
    }
    return new PositionRange(last, range.through(), Math.max(0, range.events() - handedOn));
  }

  @Override
  public ColumnarBatch get() {
    return filled;
  }

  @Override
  public void close() {
    try (refill) {
      super.close();
    }
  }
}
