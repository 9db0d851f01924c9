package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.silver.SilverJob;

/** The task {@code silver_loan_auto_decisioned}: what the rules decided. */
public final class SilverLoanAutoDecisioned extends SilverJob {

  public SilverLoanAutoDecisioned() {
    super(LoanLifecycle.projection("loan_auto_decisioned"));
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverLoanAutoDecisioned(), arguments);
  }
}
