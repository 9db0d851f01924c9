package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.pipeline.FollowJob;

/** The task {@code follow_loans}: all of the workflow's tasks in rounds, until it is stopped. */
public final class FollowLoans extends FollowJob {
  public FollowLoans() {
    super(LoanLifecycle.SOURCE);
  }

  public static void main(String[] arguments) {
    JobMain.run(new FollowLoans(), arguments);
  }
}
