package io.github.kurrentlake.bench;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Two lakehouses over the same log, compared row by row in all tables of the loans.
 *
 * @param rows how many rows the first has
 * @param differing the rows that one of them has more often than the other, at most so many
 */
public record TableRows(long rows, List<String> differing) {
  /** What says when a run was, and so is another in every lakehouse. */
  private static final Set<String> TIMES_OF_RUNS =
      Set.of("ingested_at", "first_attempt", "last_attempt", "updated_at");

  private static final Map<String, String> EXACT =
      Map.of("ignoreNullFields", "false", "timestampFormat", "yyyy-MM-dd HH:mm:ss.SSSSSS");

  private static final int MOST_SHOWN = 20;

  public TableRows {
    differing = List.copyOf(differing);
  }

  /** The tables of the loans. */
  public static List<TableDeclaration> tables() {
    return Stream.of(
            Stream.of(BronzeTables.EVENTS, BronzeTables.INGEST_HWM, QuarantineTable.DECLARATION),
            Loans.projections().stream().map(Projection::table),
            Loans.PIPELINE.lifecycle().tables().stream().map(GoldTable::table))
        .flatMap(tables -> tables)
        .toList();
  }

  /** Compares all tables. */
  public static TableRows compare(SparkSession spark, Lakehouse expected, Lakehouse found) {
    return compare(spark, expected, found, tables());
  }

  /** Compares these tables. */
  public static TableRows compare(
      SparkSession spark, Lakehouse expected, Lakehouse found, List<TableDeclaration> tables) {
    var compared =
        rows(spark, expected, tables, 1)
            .unionAll(rows(spark, found, tables, -1))
            .groupBy("name", "row")
            .agg(
                functions.sum("times").as("lacking"),
                functions.count_if(functions.col("times").gt(0)).as("rows"))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      var rows = compared.agg(functions.coalesce(functions.sum("rows"), functions.lit(0L))).head();
      var differing =
          compared.filter("lacking <> 0").orderBy("name", "row").limit(MOST_SHOWN).collectAsList();
      return new TableRows(rows.getLong(0), differing.stream().map(TableRows::shown).toList());
    } finally {
      compared.unpersist();
    }
  }

  private static String shown(Row row) {
    var lacking = row.<Long>getAs("lacking");
    return "%s %s %d times: %s"
        .formatted(
            row.getAs("name"),
            lacking > 0 ? "lacks" : "has too much",
            Math.abs(lacking),
            row.getAs("row"));
  }

  private static Dataset<Row> rows(
      SparkSession spark, Lakehouse lakehouse, List<TableDeclaration> tables, int times) {
    return tables.stream()
        .map(
            declaration -> {
              var rows = lakehouse.table(declaration).read(spark);
              var columns =
                  Stream.of(rows.columns())
                      .filter(column -> !TIMES_OF_RUNS.contains(column))
                      .map(functions::col)
                      .toArray(Column[]::new);
              return rows.select(
                  functions.lit(declaration.qualifiedName().toString()).as("name"),
                  functions.to_json(functions.struct(columns), EXACT).as("row"),
                  functions.lit(times).as("times"));
            })
        .reduce(Dataset::unionAll)
        .orElseThrow();
  }
}
