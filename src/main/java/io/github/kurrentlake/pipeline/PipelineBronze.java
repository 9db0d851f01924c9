package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.settings.Settings;

/** The task that brings new events from KurrentDB, of the pipeline in a folder. */
public final class PipelineBronze extends BronzeJob {
  public PipelineBronze() {
    super(PipelineSettings.FOLDER);
  }

  @Override
  public String name(Settings settings) {
    return PipelineSettings.task(settings, BronzeTables.EVENTS.qualifiedName());
  }

  public static void main(String[] arguments) {
    JobMain.run(new PipelineBronze(), arguments);
  }
}
