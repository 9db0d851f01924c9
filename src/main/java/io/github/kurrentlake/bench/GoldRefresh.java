package io.github.kurrentlake.bench;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Gold over Silver of several sizes, made as the streams would have: every loan is requested,
 * checked and decided. Then the newest thousand loans get a manual decision, and the tables are
 * refreshed, found up to date, and rebuilt.
 */
final class GoldRefresh implements Experiment {
  private static final String REFRESH = "gold-refresh";
  private static final String IDLE = "gold-idle";
  private static final String REBUILD = "gold-rebuild";

  /** Loans that change. */
  private static final long TOUCHED = 1_000;

  /** Between two events of a log. */
  private static final long STEP = 700;

  private final Bench bench;
  private final SparkSession spark;

  GoldRefresh(Bench bench) {
    this.bench = bench;
    this.spark = bench.spark();
  }

  @Override
  public List<String> rows() {
    return bench.options().gold().stream().flatMap(GoldRefresh::rows).toList();
  }

  private static Stream<String> rows(long loans) {
    return Stream.of(REFRESH, IDLE, REBUILD).map(row -> BenchRow.sized(row, loans));
  }

  @Override
  public void run() {
    for (var loans : bench.options().gold()) {
      if (rows(loans).anyMatch(bench.options()::wants)) {
        run(loans);
      }
    }
  }

  private void run(long loans) {
    var lakehouse = bench.directory().lakehouse();
    fill(lakehouse, loans);
    var gold = Loans.of(spark, lakehouse);
    gold.refresh();
    var rows = new LinkedHashMap<String, Supplier<JobReport>>();
    rows.put(REFRESH, gold::refresh);
    rows.put(IDLE, gold::refresh);
    rows.put(REBUILD, gold::rebuild);
    for (var round : bench.rounds()) {
      decide(lakehouse, loans, round);
      for (var row : rows.entrySet()) {
        bench.record(
            BenchRow.sized(row.getKey(), loans),
            round,
            Sample.timed(() -> row.getValue().get().rowsOut()));
      }
    }
  }

  private void fill(Lakehouse lakehouse, long loans) {
    lakehouse.ensure(spark, QuarantineTable.DECLARATION);
    for (var projection : Loans.projections()) {
      lakehouse.ensure(spark, projection.table());
    }
    append(lakehouse, "loan_requested", "LoanRequested", 0, loans, 0);
    append(lakehouse, "credit_checked", "CreditChecked", 0, loans, STEP);
    append(lakehouse, "loan_auto_decisioned", "LoanApprovalNeeded", 0, loans, 2 * STEP);
  }

  private void decide(Lakehouse lakehouse, long loans, int round) {
    var from = Math.max(0, loans - TOUCHED);
    var type = round % 2 == 0 ? "LoanManuallyApproved" : "LoanManuallyDenied";
    append(
        lakehouse,
        "loan_manual_decisioned",
        type,
        from,
        loans,
        4 * STEP * (loans + round * TOUCHED));
  }

  /** An event of one type for each of some loans, in Bronze and in Silver. */
  private void append(
      Lakehouse lakehouse, String name, String type, long from, long to, long offset) {
    var projection =
        Loans.projections().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    insert(
        lakehouse,
        BronzeTables.EVENTS,
        Map.of(
            "category", "'loanRequest'",
            "schema_name", "'" + type + "'",
            "created_at", "timestamp_millis(1738168933527 + position)",
            "ingested_at", "current_timestamp()",
            "data", "'{}'",
            "stream_revision", "0"),
        from,
        to,
        offset);
    insert(lakehouse, projection.table(), values(projection, type), from, to, offset);
  }

  private static Map<String, String> values(Projection projection, String type) {
    var values = new LinkedHashMap<String, String>();
    projection
        .fields()
        .forEach(
            field ->
                values.put(
                    field.column().name(),
                    switch (field.column().type()) {
                      case "TIMESTAMP" -> "timestamp_millis(1738168933527 + position)";
                      case "STRING" -> "concat('value ', id % 1000)";
                      default -> "id % 60";
                    }));
    values.put("schema_name", "'" + type + "'");
    return values;
  }

  private void insert(
      Lakehouse lakehouse,
      TableDeclaration declaration,
      Map<String, String> values,
      long from,
      long to,
      long offset) {
    var all = new LinkedHashMap<>(values);
    all.put("stream", "concat('loanRequest-', sha1(CAST(id AS STRING)))");
    all.put("log_position", "position");
    var columns =
        declaration.columns().stream().map(Column::name).filter(all::containsKey).toList();
    var table = lakehouse.ensure(spark, declaration);
    spark.sql(
        "INSERT INTO %s (%s) SELECT %s FROM (SELECT id, id * %d + %d AS position FROM range(%d, %d))"
            .formatted(
                table.sqlName(),
                String.join(", ", columns),
                columns.stream()
                    .map(
                        column ->
                            "CAST(%s AS %s)".formatted(all.get(column), type(declaration, column)))
                    .collect(Collectors.joining(", ")),
                4 * STEP,
                offset,
                from,
                to));
  }

  private static String type(TableDeclaration declaration, String name) {
    return declaration.columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow()
        .type();
  }
}
