package io.github.kurrentlake.reconcile;

import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of comparing a table with the layer before it.
 *
 * @param table the table
 * @param above what lies at this position or before was compared by an earlier run and is unchanged
 * @param through the last position that was compared
 * @param expected how many events or rows the layer before gives
 * @param found how many are there
 * @param waiting how many the table's task has not come to yet
 * @param findings where they differ
 */
public record Comparison(
    String table,
    long above,
    long through,
    long expected,
    long found,
    long waiting,
    List<Finding> findings) {

  public Comparison {
    findings = List.copyOf(findings);
  }

  /** Of a table that has not changed since it was compared up to a position. */
  static Comparison unchanged(Table table, long through) {
    return new Comparison(table.name().toString(), through, through, 0, 0, 0, List.of());
  }

  /** The same with more differences. */
  Comparison and(List<Finding> more) {
    var all = Stream.concat(findings.stream(), more.stream()).toList();
    return new Comparison(table, above, through, expected, found, waiting, all);
  }

  /** Whether it was compared by an earlier run, and has not changed since. */
  public boolean isUnchanged() {
    return above == through;
  }

  /** Whether nothing is wrong. */
  public boolean isClean() {
    return findings.stream().noneMatch(finding -> finding.kind().isError());
  }
}
