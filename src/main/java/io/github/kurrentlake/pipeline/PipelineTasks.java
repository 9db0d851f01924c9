package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.continuous.Continuous;
import io.github.kurrentlake.continuous.Round;
import io.github.kurrentlake.continuous.Termination;
import io.github.kurrentlake.erase.Erasures;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.job.TaskRuns;
import io.github.kurrentlake.maintain.Maintained;
import io.github.kurrentlake.maintain.Maintenance;
import io.github.kurrentlake.maintain.MaintenanceTable;
import io.github.kurrentlake.quarantine.Quarantine;
import io.github.kurrentlake.reconcile.ReconcileOptions;
import io.github.kurrentlake.reconcile.ReconcileOptions.Extent;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.reconcile.Reconciliation;
import io.github.kurrentlake.reconcile.ReconciliationTable;
import io.github.kurrentlake.reconcile.Repair;
import io.github.kurrentlake.replay.ReplayOptions;
import io.github.kurrentlake.replay.ReplayOptions.OnceCompared;
import io.github.kurrentlake.replay.Replayed;
import io.github.kurrentlake.replay.TableReplay;
import io.github.kurrentlake.report.Report;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.status.Status;
import io.github.kurrentlake.status.Tasks;
import io.github.kurrentlake.status.UnknownKey;
import io.github.kurrentlake.status.UnknownKeys;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.QualifiedName;
import io.github.kurrentlake.table.TableDeclaration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A pipeline of one lakehouse, for notebooks and programs: each call does what the task of that
 * name does, and can be made again at any time. No call takes a variable number of arguments, so
 * that Python can make it.
 */
public class PipelineTasks {
  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Pipeline pipeline;
  private final Progress progress;

  protected PipelineTasks(
      SparkSession spark, Lakehouse lakehouse, Pipeline pipeline, Progress progress) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.pipeline = pipeline;
    this.progress = progress;
  }

  public static PipelineTasks of(SparkSession spark, Lakehouse lakehouse, Pipeline pipeline) {
    return new PipelineTasks(spark, lakehouse, pipeline, Progress.unwatched());
  }

  /** The same of the pipeline that a folder declares. */
  public static PipelineTasks of(SparkSession spark, Lakehouse lakehouse, String folder) {
    return of(spark, lakehouse, PipelineFolder.read(folder));
  }

  /** The same, whose calls tell how far they are. */
  public PipelineTasks watchedBy(Progress watcher) {
    return new PipelineTasks(spark, lakehouse, pipeline, watcher);
  }

  protected final SparkSession spark() {
    return spark;
  }

  protected final Lakehouse lakehouse() {
    return lakehouse;
  }

  /** What is kept. */
  public final Pipeline pipeline() {
    return pipeline;
  }

  /** Tables besides the pipeline's that are made of its events. */
  protected List<TableDeclaration> others() {
    return List.of();
  }

  /** What {@code ops.task_runs} knows the tasks by. */
  protected Tasks tasks() {
    var ofTables =
        Stream.of(
                Stream.of(BronzeTables.EVENTS),
                lifecycle().projections().stream().map(Projection::table),
                Stream.of(lifecycle().table()))
            .flatMap(tables -> tables)
            .map(TableDeclaration::qualifiedName)
            .collect(
                Collectors.toMap(
                    QualifiedName::toString, name -> PipelineSettings.task(pipeline, name)));
    return new Tasks(ofTables, PipelineSettings.taskOfAll(pipeline));
  }

  /**
   * The tables that a pipeline keeps, in the order in which they are maintained.
   *
   * @param others more tables that are made of its events
   */
  public static List<TableDeclaration> tables(Lifecycle lifecycle, List<TableDeclaration> others) {
    return Stream.of(
            lifecycle.sources().stream(),
            lifecycle.tables().stream().map(GoldTable::table),
            others.stream(),
            Stream.of(
                BronzeTables.INGEST_HWM,
                TaskRuns.TABLE,
                ReconciliationTable.DECLARATION,
                MaintenanceTable.DECLARATION))
        .flatMap(tables -> tables)
        .toList();
  }

  private Lifecycle lifecycle() {
    return pipeline.lifecycle();
  }

  /** Brings the new events of a cluster into Bronze. */
  public JobReport ingest(KurrentDb kurrentdb) {
    return ingest(kurrentdb, BronzeOptions.DEFAULT_BATCH_SIZE);
  }

  /**
   * Brings the new events of a cluster into Bronze.
   *
   * @param batchSize events per commit at most
   */
  public JobReport ingest(KurrentDb kurrentdb, long batchSize) {
    return Bronze.ingest(spark, bronze(kurrentdb, batchSize), progress);
  }

  /** Projects what is new in Bronze into all Silver tables, one after the other. */
  public Map<String, JobReport> project() {
    var reports = new LinkedHashMap<String, JobReport>();
    lifecycle()
        .projections()
        .forEach(projection -> reports.put(projection.name(), project(projection)));
    return reports;
  }

  /** Projects what is new in Bronze into one Silver table. */
  public JobReport project(Projection projection) {
    return Silver.project(spark, lakehouse, projection, pipeline.zone(), progress);
  }

  /** Brings the Gold tables up to date. */
  public JobReport refresh() {
    return Gold.refresh(spark, lakehouse, lifecycle(), progress);
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
          bronze(kurrentdb, BronzeOptions.DEFAULT_BATCH_SIZE),
          lifecycle(),
          pipeline.zone(),
          FollowJob.DEFAULT_PAUSE,
          Optional.of(limit),
          termination,
          listener);
    }
  }

  /** Makes them from nothing. */
  public JobReport rebuild() {
    return Gold.rebuild(spark, lakehouse, lifecycle(), progress);
  }

  /** The table with a row per stream as it was at a position of the log. */
  public Dataset<Row> asOf(long position) {
    var lifecycle = lifecycle();
    return Gold.asOf(spark, lakehouse, lifecycle, lifecycle.table(), position);
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
    return TableReplay.rollback(spark, lakehouse, lifecycle(), progress);
  }

  /** What the next run would do to the tables, which are left as they are. */
  public List<Planned> plan() {
    return Plan.of(spark, lakehouse, pipeline);
  }

  /** How far each layer is behind a cluster, and how its task ended last. */
  public Status status(KurrentDb kurrentdb) {
    return Status.of(
        spark, bronze(kurrentdb, BronzeOptions.DEFAULT_BATCH_SIZE), lifecycle(), tasks());
  }

  /** A page of HTML about the lakehouse, for {@code displayHTML}. */
  public final String report(KurrentDb kurrentdb) {
    return report(status(kurrentdb));
  }

  /** The same with a status that is known. */
  public String report(Status status) {
    return Report.page(
        spark,
        lakehouse,
        lifecycle(),
        "%s from KurrentDB to Gold".formatted(pipeline.name()),
        status,
        List.of());
  }

  /**
   * The keys of payloads that no Silver table reads.
   *
   * @param bytes of the log, before its last event in Bronze, that are looked at
   */
  public List<UnknownKey> unknownKeys(long bytes) {
    return UnknownKeys.of(spark, lakehouse, lifecycle(), bytes);
  }

  /**
   * Puts the files of tables together that have had many commits, and removes old ones that nobody
   * has to read any more.
   */
  public List<Maintained> maintain(long afterCommits) {
    return Maintenance.run(
        spark, lakehouse, tables(lifecycle(), others()), lifecycle(), afterCommits);
  }

  private ReplayOptions replayed(List<String> projections, OnceCompared onceCompared) {
    return new ReplayOptions(
        lakehouse,
        lifecycle(),
        pipeline.zone(),
        Optional.empty(),
        projections,
        Optional.empty(),
        OptionalLong.empty(),
        onceCompared);
  }

  private ReconcileOptions options(KurrentDb kurrentdb, Extent extent, Payloads payloads) {
    return new ReconcileOptions(
        bronze(kurrentdb, BronzeOptions.DEFAULT_BATCH_SIZE),
        lifecycle(),
        pipeline.zone(),
        extent,
        payloads);
  }

  private BronzeOptions bronze(KurrentDb kurrentdb, long batchSize) {
    return new BronzeOptions(
        lakehouse, kurrentdb, lifecycle().category(), pipeline.name(), batchSize);
  }

  /** The streams that have to be forgotten: erases, purges and reports. */
  public Erasures erasures() {
    return Erasures.of(spark, lakehouse, lifecycle(), others());
  }

  /** The events that no Silver table could take: lists, shows, redrives and dismisses. */
  public Quarantine quarantine() {
    return Quarantine.of(spark, lakehouse, lifecycle().projections());
  }
}
