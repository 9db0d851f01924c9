package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.replay.ReplayJob;

/** The task that makes tables again, of the pipeline in a folder. */
public final class PipelineReplay extends ReplayJob {
  public PipelineReplay() {
    super(PipelineSettings.FOLDER);
  }

  public static void main(String[] arguments) {
    JobMain.run(new PipelineReplay(), arguments);
  }
}
