package io.github.kurrentlake.loans;

import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.timestamp;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.table.Lakehouse;
import org.apache.spark.sql.SparkSession;

/** The task {@code silver_credit_checked}: the scores. */
public final class SilverCreditChecked extends SilverJob {
  static final Projection PROJECTION =
      Projection.of("credit_checked", "One row per CreditChecked event", "CreditChecked")
          .fields(
              integer("score", "Score", "Credit score, 0 to 10").required(),
              timestamp("credit_checked_timestamp", "CreditCheckedTimestamp", "When it was checked")
                  .nullIfBad());

  public SilverCreditChecked() {
    super(PROJECTION);
  }

  /** Projects what is new in Bronze; for notebooks. */
  public static JobReport project(SparkSession spark, Lakehouse lakehouse) {
    return Silver.project(spark, lakehouse, PROJECTION, Progress.unwatched());
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverCreditChecked(), arguments);
  }
}
