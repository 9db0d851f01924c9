package io.github.kurrentlake.loans;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.continuous.Continuous;
import io.github.kurrentlake.continuous.Round;
import io.github.kurrentlake.continuous.Termination;
import io.github.kurrentlake.erase.Erasures;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.maintain.Maintained;
import io.github.kurrentlake.maintain.Maintenance;
import io.github.kurrentlake.quarantine.Quarantine;
import io.github.kurrentlake.reconcile.ReconcileOptions;
import io.github.kurrentlake.reconcile.ReconcileOptions.Extent;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.reconcile.Reconciliation;
import io.github.kurrentlake.reconcile.Repair;
import io.github.kurrentlake.replay.ReplayOptions;
import io.github.kurrentlake.replay.ReplayOptions.OnceCompared;
import io.github.kurrentlake.replay.Replayed;
import io.github.kurrentlake.replay.TableReplay;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.status.Status;
import io.github.kurrentlake.status.UnknownKey;
import io.github.kurrentlake.status.UnknownKeys;
import io.github.kurrentlake.table.Lakehouse;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The loans of one lakehouse, for notebooks and programs: each call does what the task of that name
 * does, and can be made again at any time. No call takes a variable number of arguments, so that
 * Python can make it.
 */
public final class Loans {
  /** The streams of the loans are {@code loanRequest-<uuid>}. */
  public static final String CATEGORY = LoanLifecycle.CATEGORY;

  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Progress progress;

  private Loans(SparkSession spark, Lakehouse lakehouse, Progress progress) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.progress = progress;
  }

  public static Loans of(SparkSession spark, Lakehouse lakehouse) {
    return new Loans(spark, lakehouse, Progress.unwatched());
  }

  /** The same, whose calls tell how far they are. */
  public Loans watchedBy(Progress watcher) {
    return new Loans(spark, lakehouse, watcher);
  }

  /** The Silver tables that the loans are made of, in the order in which a loan meets them. */
  public static List<Projection> projections() {
    return LoanProjections.ALL;
  }

  /** Brings the new loan events of a cluster into Bronze. */
  public JobReport ingest(KurrentDb kurrentdb) {
    return ingest(kurrentdb, BronzeIngest.DEFAULT_BATCH_SIZE);
  }

  /**
   * Brings the new loan events of a cluster into Bronze.
   *
   * @param batchSize events per commit at most
   */
  public JobReport ingest(KurrentDb kurrentdb, long batchSize) {
    return Bronze.ingest(spark, bronze(kurrentdb, batchSize), progress);
  }

  /** Projects what is new in Bronze into all Silver tables, one after the other. */
  public Map<String, JobReport> project() {
    var reports = new LinkedHashMap<String, JobReport>();
    projections().forEach(projection -> reports.put(projection.name(), project(projection)));
    return reports;
  }

  /** Projects what is new in Bronze into one Silver table. */
  public JobReport project(Projection projection) {
    return Silver.project(spark, lakehouse, projection, progress);
  }

  /** Brings {@code gold.loan_lifecycle} and its history up to date. */
  public JobReport refresh() {
    return Gold.refresh(spark, lakehouse, LoanLifecycle.LIFECYCLE, progress);
  }

  /**
   * Follows a cluster: what is new goes through Bronze, Silver and Gold, again and again.
   *
   * @param limit after which no round begins any more
   * @param listener is told of each round that moved something
   * @return what all rounds moved
   */
  public JobReport follow(KurrentDb kurrentdb, Duration limit, Consumer<Round> listener) {
    try (var termination = Termination.ofProcess()) {
      return Continuous.run(
          spark,
          bronze(kurrentdb, BronzeIngest.DEFAULT_BATCH_SIZE),
          LoanLifecycle.LIFECYCLE,
          ZoneOffset.UTC,
          FollowLoans.DEFAULT_PAUSE,
          Optional.of(limit),
          termination,
          listener);
    }
  }

  /** Makes both from nothing. */
  public JobReport rebuild() {
    return Gold.rebuild(spark, lakehouse, LoanLifecycle.LIFECYCLE, progress);
  }

  /** {@code gold.loan_lifecycle} as it was at a position of the log. */
  public Dataset<Row> asOf(long position) {
    var lifecycle = LoanLifecycle.LIFECYCLE;
    return Gold.asOf(spark, lakehouse, lifecycle, lifecycle.table(), position);
  }

  /** Makes {@code gold.loan_read_model} by one statement in KurrentDB. */
  public JobReport readModel(KurrentDb kurrentdb) {
    return LoanReadModel.rebuild(spark, lakehouse, kurrentdb, CATEGORY);
  }

  /**
   * Whether anything is missing, doubled or altered on the way from a cluster to Gold, as far as it
   * has changed since the last clean verdict.
   */
  public Reconciliation reconcile(KurrentDb kurrentdb) {
    return Reconciliation.run(spark, options(kurrentdb, Extent.CHANGED, Payloads.NONE));
  }

  /**
   * The same.
   *
   * @param extent how much of the log is compared
   * @param payloads whether what the events hold is compared too
   */
  public Reconciliation reconcile(KurrentDb kurrentdb, Extent extent, Payloads payloads) {
    return Reconciliation.run(spark, options(kurrentdb, extent, payloads));
  }

  /** Brings again what is missing in any layer, and gives how the layers are then. */
  public Reconciliation repair(KurrentDb kurrentdb) {
    return Repair.run(spark, options(kurrentdb, Extent.FULL, Payloads.NONE), progress);
  }

  /**
   * Makes Silver tables again beside the ones that are read, compares them row by row, switches
   * each in one commit, and brings Gold up to date.
   *
   * @param projections names of tables; empty for all
   */
  public List<Replayed> replay(List<String> projections, OnceCompared onceCompared) {
    return TableReplay.run(spark, replayed(projections, onceCompared), progress);
  }

  /** Gives the tables of the last replay the rows back that it changed. */
  public List<String> rollback() {
    return TableReplay.rollback(spark, lakehouse, LoanLifecycle.LIFECYCLE, progress);
  }

  /** How far each layer is behind a cluster, and how its task ended last. */
  public Status status(KurrentDb kurrentdb) {
    return LoanStatus.of(spark, bronze(kurrentdb, BronzeIngest.DEFAULT_BATCH_SIZE));
  }

  /** A page of HTML about the lakehouse and the loans, for {@code displayHTML}. */
  public String report(KurrentDb kurrentdb) {
    return LoanReport.page(spark, lakehouse, status(kurrentdb));
  }

  /**
   * The keys of payloads that no Silver table reads.
   *
   * @param bytes of the log, before its last event in Bronze, that are looked at
   */
  public List<UnknownKey> unknownKeys(long bytes) {
    return UnknownKeys.of(spark, lakehouse, LoanLifecycle.LIFECYCLE, bytes);
  }

  /**
   * Puts the files of tables together that have had many commits, and removes old ones that nobody
   * has to read any more.
   */
  public List<Maintained> maintain(long afterCommits) {
    return Maintenance.run(
        spark, lakehouse, Maintain.TABLES, LoanLifecycle.LIFECYCLE, afterCommits);
  }

  private ReplayOptions replayed(List<String> projections, OnceCompared onceCompared) {
    return new ReplayOptions(
        lakehouse,
        LoanLifecycle.LIFECYCLE,
        ZoneOffset.UTC,
        Optional.empty(),
        projections,
        Optional.empty(),
        OptionalLong.empty(),
        onceCompared);
  }

  private ReconcileOptions options(KurrentDb kurrentdb, Extent extent, Payloads payloads) {
    return new ReconcileOptions(
        bronze(kurrentdb, BronzeIngest.DEFAULT_BATCH_SIZE),
        LoanLifecycle.LIFECYCLE,
        ZoneOffset.UTC,
        extent,
        payloads);
  }

  private BronzeOptions bronze(KurrentDb kurrentdb, long batchSize) {
    return new BronzeOptions(lakehouse, kurrentdb, CATEGORY, BronzeIngest.PIPELINE, batchSize);
  }

  /** The streams that have to be forgotten: erases, purges and reports. */
  public Erasures erasures() {
    return Erasures.of(
        spark,
        lakehouse,
        LoanLifecycle.LIFECYCLE,
        List.of(LoanReadModel.TABLE, GoldLoanReviews.TABLE));
  }

  /** The events that no Silver table could take: lists, shows, redrives and dismisses. */
  public Quarantine quarantine() {
    return Quarantine.of(spark, lakehouse, projections());
  }
}
