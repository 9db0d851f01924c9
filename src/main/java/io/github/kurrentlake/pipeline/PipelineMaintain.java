package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.maintain.MaintainJob;
import java.util.List;

/** The task that maintains the tables of the pipeline in a folder. */
public final class PipelineMaintain extends MaintainJob {
  public PipelineMaintain() {
    super(PipelineSettings.FOLDER, lifecycle -> PipelineTasks.tables(lifecycle, List.of()));
  }

  public static void main(String[] arguments) {
    JobMain.run(new PipelineMaintain(), arguments);
  }
}
