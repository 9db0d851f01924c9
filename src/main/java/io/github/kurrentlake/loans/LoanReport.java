package io.github.kurrentlake.loans;

import io.github.kurrentlake.report.Chart;
import io.github.kurrentlake.report.Figure;
import io.github.kurrentlake.report.Report;
import io.github.kurrentlake.status.Status;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SqlTemplate;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** The report on the loans. */
public final class LoanReport {
  /**
   * A query of {@code ${history}}: {@code seconds} from each loan's request to its first final
   * decision, null for none.
   */
  public static final SqlTemplate DECISION_SECONDS = template("decision_seconds.sql");

  private LoanReport() {}

  /**
   * A page of HTML that needs nothing else, and holds nothing about persons.
   *
   * @param status how the layers stand
   */
  public static String page(SparkSession spark, Lakehouse lakehouse, Status status) {
    return Report.page(
        spark,
        lakehouse,
        LoanLifecycle.LIFECYCLE,
        "Loans from KurrentDB to Gold",
        status,
        figures(spark, lakehouse));
  }

  private static List<Supplier<Figure>> figures(SparkSession spark, Lakehouse lakehouse) {
    var history = lakehouse.table(LoanLifecycle.HISTORY);
    if (!history.exists(spark)) {
      return List.of();
    }
    var names = Map.of("history", history.sqlName());
    return List.of(
        () ->
            figure(
                spark,
                names,
                "Loans by stage",
                "How many loans ever came to each stage.",
                "loan_funnel.sql"),
        () ->
            figure(
                spark,
                names,
                "Time to decision",
                "From a loan's request until it was first approved or denied, by KurrentDB's clock.",
                "decision_times.sql"));
  }

  private static Figure figure(
      SparkSession spark, Map<String, String> names, String title, String about, String query) {
    var sql = template(query).with("decision_seconds", DECISION_SECONDS).fill(names);
    return Figure.of(title, about, Chart.BARS, spark.sql(sql));
  }

  private static SqlTemplate template(String resource) {
    return SqlTemplate.beside(LoanReport.class, resource);
  }
}
