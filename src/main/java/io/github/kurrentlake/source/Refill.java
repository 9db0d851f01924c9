package io.github.kurrentlake.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Asks again for events that came without a payload. KurrentDB reads payloads in vectors of up to
 * 2048 events, and leaves a vector unfilled without a word when one of its records was scavenged,
 * or while the node starts or stops. So runs of such events are asked for again, and what is still
 * empty in halves, until an event that is asked for alone has none: then KurrentDB has no more. An
 * answer that does not have the events themselves comes from a node that is behind, and counts as
 * broken.
 *
 * <p>Only events that have neither data nor metadata, of those that are read, are asked for again.
 * Of a user-defined index KurrentDB reads the stream and the schema's name in the same way.
 */
final class Refill implements AutoCloseable {
  private final RangePartition partition;
  private final List<String> payload;

  /** What it holds is never more than a few copies of one batch. */
  private final BufferAllocator allocator = new RootAllocator();

  private Connection connection;
  private VectorSchemaRoot refilled;

  Refill(RangePartition partition) {
    this.partition = partition;
    this.payload =
        partition.columns().stream()
            .map(SourceColumn::name)
            .filter(name -> !partition.selection().table().isIndexed(name))
            .toList();
  }

  /**
   * The batch with the payloads that KurrentDB gives now; valid until the next call.
   *
   * @param root the vectors as they arrived
   * @param batch the same as Spark sees them, which is the answer when nothing was empty
   */
  ColumnarBatch refilled(VectorSchemaRoot root, ColumnarBatch batch) {
    release();
    var rows = IntStream.range(0, payload.isEmpty() ? 0 : root.getRowCount());
    var empty = rows.filter(isEmpty(root)).boxed().toList();
    if (empty.isEmpty()) {
      return batch;
    }
    try (var found = VectorSchemaRoot.create(root.getSchema(), allocator)) {
      var rowsFound = new HashMap<Long, Integer>();
      var positions = positions(root);
      for (var run : runs(empty)) {
        ask(run.stream().map(positions::get).sorted().toList(), found, rowsFound);
      }
      return rowsFound.isEmpty() ? batch : merged(root, found, rowsFound);
    }
  }

  /** Whether a row has none of the payload that is read. */
  private IntPredicate isEmpty(VectorSchemaRoot root) {
    var vectors = payload.stream().map(name -> (VarCharVector) root.getVector(name)).toList();
    return row -> vectors.stream().allMatch(vector -> isEmpty(vector, row));
  }

  private static boolean isEmpty(VarCharVector vector, int row) {
    if (vector.isNull(row) || vector.getValueLength(row) == 0) {
      return true;
    }
    return vector.getValueLength(row) == 2 && vector.getObject(row).toString().equals("{}");
  }

  private static BigIntVector positions(VectorSchemaRoot root) {
    return (BigIntVector) root.getVector(SourceColumn.LOG_POSITION.name());
  }

  /** Neighbours together, since what left one without a payload left all of them. */
  private static List<List<Integer>> runs(List<Integer> rows) {
    var runs = new ArrayList<List<Integer>>();
    for (var row : rows) {
      var last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last == null || last.get(last.size() - 1) != row - 1) {
        last = new ArrayList<>();
        runs.add(last);
      }
      last.add(row);
    }
    return runs;
  }

  /** Looks for the payloads of events at these positions, which ascend. */
  private void ask(List<Long> positions, VectorSchemaRoot found, Map<Long, Integer> rowsFound) {
    var range =
        new PositionRange(
            positions.get(0) - 1, positions.get(positions.size() - 1), positions.size());
    List<Integer> rows =
        connection()
            .ask(
                RecordsSql.read(partition.columns(), partition.selection(), range),
                (root, counted) -> {
                  keep(root, found, rowsFound);
                  counted.accept(root.getRowCount());
                });
    var arrived = rows.stream().mapToLong(Integer::longValue).sum();
    if (arrived < range.events()) {
      // Not events that have no payload, but a node that does not know them yet.
      throw KurrentDbErrors.missing(partition.kurrentdb(), range, arrived);
    }
    var rest = positions.stream().filter(position -> !rowsFound.containsKey(position)).toList();
    if (positions.size() > 1 && !rest.isEmpty()) {
      var half = (rest.size() + 1) / 2;
      ask(rest.subList(0, half), found, rowsFound);
      if (half < rest.size()) {
        ask(rest.subList(half, rest.size()), found, rowsFound);
      }
    }
  }

  private void keep(VectorSchemaRoot root, VectorSchemaRoot found, Map<Long, Integer> rowsFound) {
    var empty = isEmpty(root);
    for (var row = 0; row < root.getRowCount(); row++) {
      if (!empty.test(row)) {
        var next = rowsFound.size();
        if (rowsFound.putIfAbsent(positions(root).get(row), next) == null) {
          copy(root, row, found, next);
        }
      }
    }
  }

  private ColumnarBatch merged(
      VectorSchemaRoot root, VectorSchemaRoot found, Map<Long, Integer> rowsFound) {
    refilled = VectorSchemaRoot.create(root.getSchema(), allocator);
    var empty = isEmpty(root);
    for (var row = 0; row < root.getRowCount(); row++) {
      var better = empty.test(row) ? rowsFound.get(positions(root).get(row)) : null;
      if (better == null) {
        copy(root, row, refilled, row);
      } else {
        copy(found, better, refilled, row);
      }
    }
    refilled.setRowCount(root.getRowCount());
    var merged = Columns.wrap(refilled, partition.columns());
    merged.setNumRows(root.getRowCount());
    return merged;
  }

  private static void copy(VectorSchemaRoot from, int row, VectorSchemaRoot to, int target) {
    for (var i = 0; i < from.getFieldVectors().size(); i++) {
      to.getVector(i).copyFromSafe(row, target, from.getVector(i));
    }
  }

  /** A connection of its own, so that its failures are none of the stream that is being read. */
  private Connection connection() {
    if (connection == null) {
      connection = partition.kurrentdb().connect(partition.memory(), partition.policy());
    }
    return connection;
  }

  private void release() {
    if (refilled != null) {
      refilled.close();
      refilled = null;
    }
  }

  @Override
  public void close() {
    release();
    if (connection != null) {
      connection.close();
    }
    allocator.close();
  }
}
