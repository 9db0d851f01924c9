package io.github.kurrentlake.loans;

import io.github.kurrentlake.quarantine.Quarantine;
import io.github.kurrentlake.table.Lakehouse;
import org.apache.spark.sql.SparkSession;

/** The quarantine of the loan projections; for notebooks. */
public final class LoanQuarantine {
  private LoanQuarantine() {}

  /** Opens it; lists, shows, redrives and dismisses. */
  public static Quarantine open(SparkSession spark, Lakehouse lakehouse) {
    return Quarantine.of(spark, lakehouse, LoanLifecycle.PROJECTIONS);
  }
}
