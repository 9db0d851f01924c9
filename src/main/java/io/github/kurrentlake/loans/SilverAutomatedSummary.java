package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.silver.SilverJob;

/** The task {@code silver_automated_summary}: what a language model summed up. */
public final class SilverAutomatedSummary extends SilverJob {

  public SilverAutomatedSummary() {
    super(LoanLifecycle.projection("automated_summary"));
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverAutomatedSummary(), arguments);
  }
}
