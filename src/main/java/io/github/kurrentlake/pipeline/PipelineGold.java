package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.gold.GoldJob;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.settings.Settings;

/** The task that keeps the Gold tables of the pipeline in a folder. */
public final class PipelineGold extends GoldJob {
  public PipelineGold() {
    super(PipelineSettings.FOLDER);
  }

  @Override
  public String name(Settings settings) {
    return PipelineSettings.task(settings, lifecycle(settings).table().qualifiedName());
  }

  public static void main(String[] arguments) {
    JobMain.run(new PipelineGold(), arguments);
  }
}
