package io.github.kurrentlake.loans;

import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.source.KurrentDbSource;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.LakehouseSettings;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The task {@code loan_read_model}: the loans' state now by one statement that KurrentDB evaluates,
 * without Bronze and Silver. The table is made again in one commit, so that a run that dies leaves
 * the former one; the node groups the category's payloads in its memory.
 */
public final class LoanReadModel implements Job {
  private static final SqlTemplate QUERY =
      SqlTemplate.beside(LoanReadModel.class, "loan_read_model.sql");

  private static final List<String> WHOLE_NUMBERS =
      List.of("amount", "age", "dependents", "income", "loan_product_id", "score");

  private static final List<String> TIMES =
      List.of(
          "loan_requested_timestamp",
          "credit_checked_timestamp",
          "loan_automated_decision_timestamp",
          "loan_manual_decision_timestamp",
          "summarized_at");

  /** One row is one loan; its key is {@code stream}. First the guide's 34 columns. */
  static final TableDeclaration TABLE =
      TableDeclaration.table("gold", "loan_read_model", "One row per loan, as KurrentDB tells it")
          .columns(columns())
          .reliableKey("stream")
          .statisticsOf("log_position");

  private static final String ROWS = "kurrentlake_read_model";

  @Override
  public List<Setting<?>> settings() {
    return LakehouseSettings.and(KurrentDbSettings.ENDPOINT, KurrentDbSettings.TLS_CA);
  }

  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var report =
        rebuild(
            spark,
            LakehouseSettings.lakehouse(settings),
            KurrentDbSettings.kurrentdb(settings),
            LoanLifecycle.LIFECYCLE.category());
    progress.reached(report.eventsIn(), report.rowsOut());
    return report;
  }

  /** Makes the table again from the streams of a category. */
  static JobReport rebuild(
      SparkSession caller, Lakehouse lakehouse, KurrentDb kurrentdb, String category) {
    var spark = TableSession.of(caller);
    var table = lakehouse.ensure(spark, TABLE);
    var names =
        TABLE.columns().stream()
            .map(column -> Sql.identifier(column.name()))
            .collect(Collectors.joining(", "));
    Conflicts.retried(
        () -> {
          var rows =
              spark
                  .read()
                  .format(KurrentDbSource.NAME)
                  .options(kurrentdb.options())
                  .option("query", query(category))
                  .load();
          ErasedStreams.of(spark, lakehouse).leaveOut(rows).createOrReplaceTempView(ROWS);
          spark.sql(
              "INSERT OVERWRITE %s SELECT %s FROM %s".formatted(table.sqlName(), names, ROWS));
        });
    var made =
        table
            .read(spark)
            .agg(
                functions.coalesce(functions.sum("events"), functions.lit(0L)),
                functions.count(functions.lit(1)))
            .head();
    return new JobReport(made.getLong(0), made.getLong(1));
  }

  /** The statement for KurrentDB. */
  static String query(String category) {
    var values = new HashMap<String, String>();
    values.put("category", Sql.literal(category));
    WHOLE_NUMBERS.forEach(name -> values.put(name, wholeNumber(name)));
    TIMES.forEach(name -> values.put(name, time(name)));
    return QUERY.fill(values);
  }

  /** A cast alone would round what is no whole number. */
  private static String wholeNumber(String name) {
    return "CASE WHEN regexp_full_match(%1$s, '[+-]?[0-9]+') THEN try_cast(%1$s AS INTEGER) END"
        .formatted(name);
  }

  /** A time as the services write it, or the seconds since 1970 of the seeder. */
  private static String time(String name) {
    return ("coalesce(try_cast(%1$s AS TIMESTAMP),"
            + " CASE WHEN try_cast(%1$s AS DECIMAL(20, 6)) BETWEEN 631152000 AND 4102444800"
            + " THEN make_timestamp(CAST(try_cast(%1$s AS DECIMAL(20, 6)) * 1000000 AS BIGINT)) END)")
        .formatted(name);
  }

  private static List<Column> columns() {
    var only = List.of("open_quarantine", "warnings", "incarnation", "first_log_position");
    var columns = new ArrayList<Column>();
    LoanLifecycle.LIFECYCLE.table().columns().stream()
        .filter(column -> !only.contains(column.name()))
        .forEach(columns::add);
    columns.add(required("events", "BIGINT", "Events of the stream"));
    return columns;
  }

  public static void main(String[] arguments) {
    JobMain.run(new LoanReadModel(), arguments);
  }
}
