package io.github.kurrentlake.source;

import io.github.kurrentlake.error.KurrentlakeException;

/**
 * Reads the answer to one statement. Its rows have no position to go on from, so it is asked again
 * only until its first batch has been handed on; later the task fails and Spark repeats it.
 */
final class StatementReader extends BatchReader {
  private final StatementPartition partition;

  StatementReader(StatementPartition partition) {
    super(
        partition.kurrentdb().connect(partition.memory(), partition.policy()), partition.columns());
    this.partition = partition;
  }

  @Override
  public boolean next() {
    while (true) {
      try {
        if (!load(partition::sql)) {
          return false;
        }
        connection.counters().arrived(0, Columns.bytes(root()));
        return true;
      } catch (KurrentlakeException e) {
        if (get() != null) {
          throw e;
        }
        closeRows();
        retries.await(e);
      }
    }
  }
}
