package io.github.kurrentlake.loans;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.pipeline.PipelineTasks;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.status.Status;
import io.github.kurrentlake.status.Tasks;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.HashMap;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * The loans of one lakehouse, for notebooks and programs: each call does what the task of that name
 * does, and can be made again at any time.
 */
public final class Loans extends PipelineTasks {
  /** The loans' pipeline. */
  public static final Pipeline PIPELINE = LoanLifecycle.PIPELINE;

  /** The streams of the loans are {@code loanRequest-<uuid>}. */
  public static final String CATEGORY = PIPELINE.lifecycle().category();

  private static final List<Job> SILVER =
      List.of(
          new SilverLoanRequested(),
          new SilverCreditChecked(),
          new SilverLoanAutoDecisioned(),
          new SilverLoanManualDecisioned(),
          new SilverAutomatedSummary());

  private Loans(SparkSession spark, Lakehouse lakehouse, Progress progress) {
    super(spark, lakehouse, PIPELINE, progress);
  }

  public static Loans of(SparkSession spark, Lakehouse lakehouse) {
    return new Loans(spark, lakehouse, Progress.unwatched());
  }

  @Override
  public Loans watchedBy(Progress watcher) {
    return new Loans(spark(), lakehouse(), watcher);
  }

  /** The Silver tables that the loans are made of, in the order in which a loan meets them. */
  public static List<Projection> projections() {
    return PIPELINE.lifecycle().projections();
  }

  /** Makes {@code gold.loan_read_model} by one statement in KurrentDB. */
  public JobReport readModel(KurrentDb kurrentdb) {
    return LoanReadModel.rebuild(spark(), lakehouse(), kurrentdb, CATEGORY);
  }

  @Override
  public String report(Status status) {
    return LoanReport.page(spark(), lakehouse(), status);
  }

  @Override
  protected List<TableDeclaration> others() {
    return Maintain.OTHERS;
  }

  /** The loans' tasks have main classes of their own, by whose names they are found. */
  @Override
  protected Tasks tasks() {
    var ofTables = new HashMap<String, String>();
    ofTables.put(
        BronzeTables.EVENTS.qualifiedName().toString(), BronzeIngest.class.getSimpleName());
    for (var i = 0; i < SILVER.size(); i++) {
      ofTables.put(
          projections().get(i).table().qualifiedName().toString(),
          SILVER.get(i).getClass().getSimpleName());
    }
    ofTables.put(
        PIPELINE.lifecycle().table().qualifiedName().toString(),
        GoldLoanLifecycle.class.getSimpleName());
    return new Tasks(ofTables, FollowLoans.class.getSimpleName());
  }
}
