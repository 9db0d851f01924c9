package io.github.kurrentlake.embedded.kurrentdb;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;

/**
 * Payloads that a node does not fill in. It reads those of a vector one after the other, and stops
 * without a word at a record that was scavenged, or while it starts or stops; what it has then read
 * of the vector is lost too. The columns of the index are right all the same.
 */
final class UnfilledVectors {
  private static final List<String> OF_RECORDS = List.of("data", "metadata");
  private static final List<String> OF_USER_INDEX =
      List.of("data", "metadata", "stream", "schema_name");

  private final BufferAllocator allocator;
  private final boolean byScavengedRecords;
  private final AtomicInteger unfilled = new AtomicInteger();

  /**
   * The vectors of a node.
   *
   * @param byScavengedRecords whether a scavenged record leaves its vector unfilled, and not only
   *     itself
   */
  UnfilledVectors(BufferAllocator allocator, boolean byScavengedRecords) {
    this.allocator = allocator;
    this.byScavengedRecords = byScavengedRecords;
  }

  /** Leaves the next so many vectors with payloads unfilled, whatever query they are read for. */
  void leave(int vectors) {
    unfilled.set(vectors);
  }

  /** Takes what is read from the log out of a batch that KurrentDB would not fill. */
  void apply(VectorSchemaRoot batch, String query) {
    var names = query.contains(SqlRewriter.USER_INDEX) ? OF_USER_INDEX : OF_RECORDS;
    var payloads =
        batch.getFieldVectors().stream()
            .filter(vector -> names.contains(vector.getName()))
            .filter(VarCharVector.class::isInstance)
            .map(VarCharVector.class::cast)
            .toList();
    if (!payloads.isEmpty() && batch.getRowCount() > 0 && isUnfilled(payloads)) {
      empty(batch, names);
    }
  }

  private boolean isUnfilled(List<VarCharVector> payloads) {
    if (unfilled.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return true;
    }
    var vector = payloads.get(0);
    for (var row = 0; byScavengedRecords && row < vector.getValueCount(); row++) {
      var at = row;
      if (payloads.stream().allMatch(payload -> isScavenged(payload, at))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isScavenged(VarCharVector payload, int row) {
    return !payload.isNull(row) && payload.getObject(row).toString().equals("{}");
  }

  /** Loads other vectors, since the batch's own may be DuckDB's. */
  private void empty(VectorSchemaRoot batch, List<String> names) {
    var rows = batch.getRowCount();
    var vectors =
        batch.getFieldVectors().stream().map(vector -> emptyOrSame(vector, rows, names)).toList();
    try (var emptied = new VectorSchemaRoot(vectors);
        var message = new VectorUnloader(emptied).getRecordBatch()) {
      new VectorLoader(batch).load(message);
    }
  }

  private FieldVector emptyOrSame(FieldVector vector, int rows, List<String> names) {
    if (names.contains(vector.getName())) {
      var nulls = vector.getField().createVector(allocator);
      nulls.allocateNew();
      nulls.setValueCount(rows);
      return nulls;
    }
    var same = vector.getTransferPair(allocator);
    same.splitAndTransfer(0, rows);
    return (FieldVector) same.getTo();
  }
}
