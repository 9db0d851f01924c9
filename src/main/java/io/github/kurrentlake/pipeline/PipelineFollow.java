package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.settings.Settings;

/** The task that does the work of all others in rounds, of the pipeline in a folder. */
public final class PipelineFollow extends FollowJob {
  public PipelineFollow() {
    super(PipelineSettings.FOLDER);
  }

  @Override
  public String name(Settings settings) {
    return PipelineSettings.taskOfAll(settings.get(PipelineSettings.PIPELINE));
  }

  public static void main(String[] arguments) {
    JobMain.run(new PipelineFollow(), arguments);
  }
}
