package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.silver.SilverJob;

/** The task {@code silver_automated_summary}: what a language model summed up. */
public final class SilverAutomatedSummary extends SilverJob {

  public SilverAutomatedSummary() {
    super(LoanProjections.AUTOMATED_SUMMARY);
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverAutomatedSummary(), arguments);
  }
}
