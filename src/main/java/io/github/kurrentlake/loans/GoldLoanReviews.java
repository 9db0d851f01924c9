package io.github.kurrentlake.loans;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.gold.Overwrite;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.LakehouseSettings;
import io.github.kurrentlake.table.QualifiedName;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The task {@code gold_loan_reviews}: what the reviews in the application come to, per loan. */
public final class GoldLoanReviews implements Job {
  /** One row is one loan that was ever reviewed; its key is {@code stream}. */
  static final TableDeclaration TABLE =
      TableDeclaration.table("gold", "loan_reviews", "One row per reviewed loan, its reviews now")
          .columns(
              List.of(
                  required("stream", "STRING", "Stream of the loan in KurrentDB").personal(),
                  required("reviews", "BIGINT", "Reviews that there are now"),
                  required("open_reviews", "BIGINT", "Those of them that are open"),
                  optional("last_status", "STRING", "Status of the review changed last"),
                  optional("last_reviewer", "STRING", "Who did that review").personal(),
                  optional("best_offer", "DECIMAL(14,2)", "Highest amount offered now"),
                  required("versions", "BIGINT", "Versions of all reviews, also of deleted ones"),
                  required("first_seen_at", "TIMESTAMP", "When the first review began, UTC"),
                  required("changed_at", "TIMESTAMP", "When a review was last changed, UTC")))
          .reliableKey("stream")
          .statisticsOf("changed_at")
          // For a synced table in Postgres.
          .changeFeed();

  private static final QualifiedName HISTORY = new QualifiedName("silver", "loan_review_history");

  private static final SqlTemplate SELECT =
      SqlTemplate.beside(GoldLoanReviews.class, "loan_reviews.sql");

  @Override
  public List<Setting<?>> settings() {
    return LakehouseSettings.and();
  }

  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var report = rebuild(spark, LakehouseSettings.lakehouse(settings));
    progress.reached(report.eventsIn(), report.rowsOut());
    return report;
  }

  /**
   * Rebuilds the table unless it is up to date; for notebooks.
   *
   * @return versions read and loans written; zeros when nothing was new
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 when there is no history yet
   */
  public static JobReport rebuild(SparkSession caller, Lakehouse lakehouse) {
    var spark = TableSession.of(caller);
    var gold = lakehouse.ensure(spark, TABLE);
    var history = lakehouse.table(HISTORY).existing(spark);
    var select =
        ErasedStreams.of(spark, lakehouse)
            .leaveOut(SELECT.fill(Map.of("history", history.sqlName())));
    var overwrite = Overwrite.unlessUpToDate(spark, gold, List.of(history), select);
    var moved =
        overwrite.wasWritten()
            ? new JobReport(history.read(spark).count(), gold.read(spark).count())
            : JobReport.nothingNew();
    return moved.notingEmpty(overwrite.emptySources());
  }

  public static void main(String[] arguments) {
    JobMain.run(new GoldLoanReviews(), arguments);
  }
}
