package io.github.kurrentlake.loans;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.TaskRuns;
import io.github.kurrentlake.maintain.MaintainJob;
import io.github.kurrentlake.maintain.MaintenanceTable;
import io.github.kurrentlake.reconcile.ReconciliationTable;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;
import java.util.stream.Stream;

/** The task {@code maintain}. */
public final class Maintain extends MaintainJob {
  static final List<TableDeclaration> TABLES =
      Stream.of(
              LoanLifecycle.LIFECYCLE.sources().stream(),
              LoanLifecycle.LIFECYCLE.tables().stream().map(gold -> gold.table()),
              Stream.of(LoanReadModel.TABLE, GoldLoanReviews.TABLE),
              Stream.of(
                  BronzeTables.INGEST_HWM,
                  TaskRuns.TABLE,
                  ReconciliationTable.DECLARATION,
                  MaintenanceTable.DECLARATION))
          .flatMap(tables -> tables)
          .toList();

  public Maintain() {
    super(LoanLifecycle.LIFECYCLE, TABLES);
  }

  public static void main(String[] arguments) {
    JobMain.run(new Maintain(), arguments);
  }
}
