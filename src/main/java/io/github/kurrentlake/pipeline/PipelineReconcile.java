package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.reconcile.ReconcileJob;

/** The task that proves that nothing is missing, of the pipeline in a folder. */
public final class PipelineReconcile extends ReconcileJob {
  public PipelineReconcile() {
    super(PipelineSettings.FOLDER);
  }

  public static void main(String[] arguments) {
    JobMain.run(new PipelineReconcile(), arguments);
  }
}
