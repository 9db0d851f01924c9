package io.github.kurrentlake.loans;

import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.maintain.MaintainJob;
import io.github.kurrentlake.pipeline.PipelineTasks;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;

/** The task {@code maintain}. */
public final class Maintain extends MaintainJob {
  /** What is made of the loans besides the pipeline's tables. */
  static final List<TableDeclaration> OTHERS = List.of(LoanReadModel.TABLE, GoldLoanReviews.TABLE);

  public Maintain() {
    super(
        PipelineSource.of(LoanLifecycle.PIPELINE),
        lifecycle -> PipelineTasks.tables(lifecycle, OTHERS));
  }

  public static void main(String[] arguments) {
    JobMain.run(new Maintain(), arguments);
  }
}
