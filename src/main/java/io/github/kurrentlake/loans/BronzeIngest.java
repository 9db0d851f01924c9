package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.pipeline.BronzeJob;

/** The task {@code bronze_ingest}: new loan events from KurrentDB. */
public final class BronzeIngest extends BronzeJob {
  public BronzeIngest() {
    super(LoanLifecycle.SOURCE);
  }

  public static void main(String[] arguments) {
    JobMain.run(new BronzeIngest(), arguments);
  }
}
