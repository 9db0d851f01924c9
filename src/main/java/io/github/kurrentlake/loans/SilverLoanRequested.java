package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.silver.SilverJob;

/** The task {@code silver_loan_requested}: what applicants asked for. */
public final class SilverLoanRequested extends SilverJob {

  public SilverLoanRequested() {
    super(LoanLifecycle.projection("loan_requested"));
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverLoanRequested(), arguments);
  }
}
