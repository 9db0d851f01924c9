package io.github.kurrentlake.bench;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.maintain.Layout;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.QualifiedName;
import java.util.ArrayList;
import java.util.List;

/**
 * Hourly runs one after the other into two lakehouses by turns, of which one is maintained after
 * each. What the first and the last tenth of the runs took says whether time goes with age.
 */
final class Hours implements Experiment {
  private static final String PLAIN = "hours-plain";
  private static final String MAINTAINED = "hours-maintained";

  /** A loan or two a minute. */
  private static final long EVENTS_PER_HOUR = 100;

  private static final long AFTER_COMMITS = 24;
  private static final int TENTH = 10;

  private final Bench bench;

  Hours(Bench bench) {
    this.bench = bench;
  }

  @Override
  public List<String> rows() {
    return List.of(PLAIN, MAINTAINED);
  }

  @Override
  public void run() {
    try (var node = bench.node(EVENTS_PER_HOUR);
        var here = bench.directory();
        var there = bench.directory()) {
      var plain = new Ageing(PLAIN, here.lakehouse());
      var maintained = new Ageing(MAINTAINED, there.lakehouse());
      for (var hour = 0L; hour < bench.options().hours(); hour++) {
        plain.hour(node);
        maintained.hour(node);
        maintained.maintain();
        node.append(EVENTS_PER_HOUR);
      }
      plain.record();
      maintained.record();
    }
  }

  /** A lakehouse that gets older. */
  private final class Ageing {
    private final String row;
    private final Lakehouse lakehouse;
    private final Loans loans;
    private final List<Double> runs = new ArrayList<>();
    private final List<Double> queries = new ArrayList<>();
    private long events;
    private double maintaining;

    Ageing(String row, Lakehouse lakehouse) {
      this.row = row;
      this.lakehouse = lakehouse;
      this.loans = Loans.of(bench.spark(), lakehouse);
    }

    void hour(BenchNode node) {
      runs.add(
          Sample.timed(
                  () -> {
                    events += loans.ingest(node.address().kurrentdb()).rowsOut();
                    loans.project();
                    return loans.refresh().rowsOut();
                  })
              .seconds());
      queries.add(Sample.timed(this::query).seconds());
    }

    /** What a dashboard asks: Gold whole, and the events of a day. */
    private long query() {
      return count("gold.loan_lifecycle", "GROUP BY laststatus")
          + count("bronze.events", "GROUP BY event_date, schema_name");
    }

    private long count(String table, String grouping) {
      var name = QualifiedName.parse(table);
      return bench
          .spark()
          .sql("SELECT count(*) FROM %s %s".formatted(lakehouse.table(name).sqlName(), grouping))
          .collectAsList()
          .size();
    }

    void maintain() {
      maintaining += Sample.timed(() -> loans.maintain(AFTER_COMMITS).size()).seconds();
    }

    void record() {
      var whole = runs.stream().mapToDouble(Double::doubleValue).sum();
      bench.record(
          row,
          1,
          new Sample(events, whole)
              .with("first_runs_seconds", mean(first(runs)))
              .with("last_runs_seconds", mean(last(runs)))
              .with("first_queries_seconds", mean(first(queries)))
              .with("last_queries_seconds", mean(last(queries)))
              .with("maintaining_seconds", maintaining)
              .with(
                  "files",
                  (double) Layout.of(bench.spark(), lakehouse.table(BronzeTables.EVENTS)).files()));
    }

    /** The first run makes the tables, and is not one of them. */
    private static List<Double> first(List<Double> all) {
      return all.subList(1, 1 + Math.max(1, (all.size() - 1) / TENTH));
    }

    private static List<Double> last(List<Double> all) {
      return all.subList(all.size() - Math.max(1, (all.size() - 1) / TENTH), all.size());
    }

    private static double mean(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
  }
}
