package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.silver.SilverJob;

/** The task that projects new events into one Silver table of the pipeline in a folder. */
public final class PipelineSilver extends SilverJob {
  public PipelineSilver() {
    super(PipelineSettings.FOLDER_PROJECTION);
  }

  @Override
  public String name(Settings settings) {
    return PipelineSettings.task(settings, projection(settings).table().qualifiedName());
  }

  public static void main(String[] arguments) {
    JobMain.run(new PipelineSilver(), arguments);
  }
}
