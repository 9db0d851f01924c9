package io.github.kurrentlake.bench;

import io.github.kurrentlake.job.Phase;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What {@link Chaos} did and found. */
public final class ChaosReport {
  private final Map<Phase, Integer> behind = new EnumMap<>(Phase.class);
  private final Map<Phase, Integer> later = new EnumMap<>(Phase.class);
  private int runs;
  private int comparisons;
  private TableRows last = new TableRows(0, List.of());

  void run() {
    runs++;
  }

  void kill(Phase phase, boolean wasLater) {
    (wasLater ? later : behind).merge(phase, 1, Integer::sum);
  }

  void comparison(TableRows found) {
    comparisons++;
    last = found;
  }

  /** Whether no comparison found a row that differs. */
  public boolean isClean() {
    return last.differing().isEmpty();
  }

  String lastComparison() {
    return "%,d rows in %d tables: %s"
        .formatted(
            last.rows(), TableRows.tables().size(), isClean() ? "no row differs" : "ROWS DIFFER");
  }

  /** Prints it for a person. */
  public void print(PrintStream out) {
    out.printf("%-20s %9s %9s%n", "killed", "behind it", "later");
    for (var phase : Phase.OF_TASKS) {
      out.printf(
          "%-20s %9d %9d%n", phase, behind.getOrDefault(phase, 0), later.getOrDefault(phase, 0));
    }
    out.printf(
        "%d kills, %d runs begun, compared %d times with undisturbed runs over the same log.%n",
        kills(), runs, comparisons);
    out.println(lastComparison());
    last.differing().forEach(row -> out.println("  " + row));
    out.flush();
  }

  private int kills() {
    return sum(behind) + sum(later);
  }

  private static int sum(Map<Phase, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
