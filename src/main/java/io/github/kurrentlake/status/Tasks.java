package io.github.kurrentlake.status;

import java.util.Map;
import java.util.stream.Stream;

/**
 * What {@code ops.task_runs} knows the tasks of a pipeline by.
 *
 * @param ofTables by a table's name the task that brings it up to date
 * @param ofAll the task that follows the log, which does so with all of them
 */
public record Tasks(Map<String, String> ofTables, String ofAll) {

  public Tasks {
    ofTables = Map.copyOf(ofTables);
  }

  /** The tasks that bring a table up to date. */
  Stream<String> of(String table) {
    return Stream.concat(Stream.ofNullable(ofTables.get(table)), Stream.of(ofAll));
  }
}
