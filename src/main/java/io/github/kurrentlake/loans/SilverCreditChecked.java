package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.silver.SilverJob;

/** The task {@code silver_credit_checked}: the scores. */
public final class SilverCreditChecked extends SilverJob {

  public SilverCreditChecked() {
    super(LoanLifecycle.projection("credit_checked"));
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverCreditChecked(), arguments);
  }
}
