package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.reconcile.ReconcileJob;

/** The task {@code reconcile}. */
public final class Reconcile extends ReconcileJob {
  public Reconcile() {
    super(LoanLifecycle.SOURCE);
  }

  public static void main(String[] arguments) {
    JobMain.run(new Reconcile(), arguments);
  }
}
