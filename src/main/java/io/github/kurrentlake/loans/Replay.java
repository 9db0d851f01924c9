package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.replay.ReplayJob;

/** The task {@code replay}. */
public final class Replay extends ReplayJob {
  public Replay() {
    super(LoanLifecycle.SOURCE);
  }

  public static void main(String[] arguments) {
    JobMain.run(new Replay(), arguments);
  }
}
