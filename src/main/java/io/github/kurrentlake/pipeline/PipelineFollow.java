package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.job.JobMain;

/** The task that does the work of all others in rounds, of the pipeline in a folder. */
public final class PipelineFollow extends FollowJob {
  public PipelineFollow() {
    super(PipelineSettings.FOLDER);
  }

  public static void main(String[] arguments) {
    JobMain.run(new PipelineFollow(), arguments);
  }
}
