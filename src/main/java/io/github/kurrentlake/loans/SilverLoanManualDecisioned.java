package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.silver.SilverJob;

/** The task {@code silver_loan_manual_decisioned}: what an approver decided. */
public final class SilverLoanManualDecisioned extends SilverJob {

  public SilverLoanManualDecisioned() {
    super(LoanLifecycle.projection("loan_manual_decisioned"));
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverLoanManualDecisioned(), arguments);
  }
}
