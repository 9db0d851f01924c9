package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.silver.SilverJob;

/** The task {@code silver_loan_manual_decisioned}: what an approver decided. */
public final class SilverLoanManualDecisioned extends SilverJob {

  public SilverLoanManualDecisioned() {
    super(LoanProjections.LOAN_MANUAL_DECISIONED);
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverLoanManualDecisioned(), arguments);
  }
}
