package io.github.kurrentlake.loans;

import io.github.kurrentlake.gold.GoldJob;
import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.job.JobMain;

/** The task {@code gold_loan_lifecycle}: one row per loan with its state now, and its history. */
public final class GoldLoanLifecycle extends GoldJob {

  public GoldLoanLifecycle() {
    super(PipelineSource.of(LoanLifecycle.PIPELINE));
  }

  public static void main(String[] arguments) {
    JobMain.run(new GoldLoanLifecycle(), arguments);
  }
}
