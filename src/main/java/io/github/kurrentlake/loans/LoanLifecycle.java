package io.github.kurrentlake.loans;

import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.pipeline.PipelineFolder;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.TableDeclaration;

/** The loans as the {@code pipeline.yaml} beside this class declares them. */
final class LoanLifecycle {
  static final Pipeline PIPELINE = PipelineFolder.beside(LoanLifecycle.class);

  static final Lifecycle LIFECYCLE = PIPELINE.lifecycle();

  /** {@code gold.loan_status_history}. */
  static final TableDeclaration HISTORY = LIFECYCLE.tables().get(1).table();

  /** The loans, in the zone of the settings. */
  static final PipelineSource SOURCE = PipelineSource.inAnyZone(PIPELINE);

  private LoanLifecycle() {}

  /** The projection into a table of Silver. */
  static Projection projection(String table) {
    return LIFECYCLE.projections().stream()
        .filter(projection -> projection.name().equals(table))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no projection " + table));
  }
}
