package io.github.kurrentlake.gold;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.ErrorCondition;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Keeps Gold tables in step with Silver. Each is changed in one commit, so that readers see the
 * former rows or the new ones; the commit names what it was made of, so that a run that dies
 * between any two lines is finished by the next one.
 */
public final class Gold {
  private static final SqlTemplate DIFFERENCE = SqlTemplate.beside(Gold.class, "difference.sql");

  private final SparkSession spark;
  private final Lifecycle lifecycle;
  private final Lakehouse lakehouse;

  private Gold(SparkSession spark, Lifecycle lifecycle, Lakehouse lakehouse) {
    this.spark = spark;
    this.lifecycle = lifecycle;
    this.lakehouse = lakehouse;
  }

  /**
   * Brings the tables up to date: computes again the streams whose events changed, and writes those
   * of their rows that differ. A table whose rows cannot be followed that way is rebuilt, which the
   * report says: at first, when its definition or its rows were changed by others, and when a
   * change feed has a gap.
   *
   * @return what changed in Silver and the rows of the first table written; zeros when nothing was
   *     new
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 when a Silver table is missing,
   *     KL-310 when other runs keep writing, KL-332 when the table is another category's
   */
  public static JobReport refresh(
      SparkSession caller, Lakehouse lakehouse, Lifecycle lifecycle, Progress progress) {
    return new Gold(TableSession.of(caller), lifecycle, lakehouse).run(false, progress);
  }

  /** Makes the tables again of all Silver rows. */
  public static JobReport rebuild(
      SparkSession caller, Lakehouse lakehouse, Lifecycle lifecycle, Progress progress) {
    return new Gold(TableSession.of(caller), lifecycle, lakehouse).run(true, progress);
  }

  /**
   * A table as a fresh pipeline over the log up to a position would make it.
   *
   * @param table one of the lifecycle's
   * @param position the last event that counts
   * @return rows of the table's columns, computed when they are read
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 when a Silver table is missing
   */
  public static Dataset<Row> asOf(
      SparkSession caller,
      Lakehouse lakehouse,
      Lifecycle lifecycle,
      TableDeclaration table,
      long position) {
    return new Gold(TableSession.of(caller), lifecycle, lakehouse).asOf(table, position);
  }

  /**
   * The position of the last event that KurrentDB had recorded at a time.
   *
   * @return -1 when it had recorded none
   */
  public static long positionAt(
      SparkSession caller, Lakehouse lakehouse, Lifecycle lifecycle, Instant time) {
    var last =
        lakehouse
            .table(BronzeTables.EVENTS)
            .existing(caller)
            .read(caller)
            .filter(functions.col("category").equalTo(lifecycle.category()))
            .filter(functions.col("created_at").leq(functions.lit(time)))
            .agg(functions.max("log_position"))
            .head();
    return last.isNullAt(0) ? -1 : last.getLong(0);
  }

  /**
   * What became different in the table with a row per stream between two positions.
   *
   * @return a row per stream and column that differs, ordered by both: {@code stream}, {@code
   *     change} (came, changed or gone), {@code column}, and as texts {@code before} and {@code
   *     after}; for a stream that came or is gone every column that has a value
   */
  public static Dataset<Row> difference(
      SparkSession caller, Lakehouse lakehouse, Lifecycle lifecycle, long from, long to) {
    var gold = new Gold(TableSession.of(caller), lifecycle, lakehouse);
    var table = lifecycle.table();
    gold.asOf(table, from).createOrReplaceTempView("kurrentlake_before");
    gold.asOf(table, to).createOrReplaceTempView("kurrentlake_after");
    var columns =
        table.columns().stream()
            .map(Column::name)
            .filter(name -> !name.equals("stream"))
            .map(
                name ->
                    "struct(%1$s AS column, CAST(before.%2$s AS STRING) AS before, CAST(after.%2$s AS STRING) AS after)"
                        .formatted(Sql.literal(name), Sql.identifier(name)))
            .collect(Collectors.joining(", "));
    return gold.spark.sql(DIFFERENCE.fill(Map.of("columns", columns)));
  }

  /**
   * The rows that a table should have: made of its sources as they were when it was last written,
   * or as they are now when others have written to it.
   *
   * @param session one of {@link TableSession}
   * @param table one of the lifecycle's
   * @param written by {@link #written}
   * @param streams a view of those that are asked for, by their names; empty for all
   */
  public static Dataset<Row> expected(
      SparkSession session,
      Lakehouse lakehouse,
      Lifecycle lifecycle,
      TableDeclaration table,
      Commit written,
      Optional<String> streams) {
    var scope = streams.map(view -> Scope.of(view, 0)).orElseGet(Scope::everything);
    var gold = new Gold(session, lifecycle, lakehouse);
    var events = new StreamEvents(lakehouse, lifecycle, scope);
    var noted = MadeOf.notedBy(written);
    return gold.rows(
        table, noted.map(madeOf -> events.at(gold.formerVersions(madeOf))).orElse(events));
  }

  /** The last commit that changed a table's rows, which notes what they are made of. */
  public static Commit written(SparkSession session, Table table) {
    return MadeOf.written(session, table);
  }

  /** Whether a table's sources have events for it that are newer than what it is made of. */
  public static boolean isBehind(
      SparkSession session, Lakehouse lakehouse, Lifecycle lifecycle, Commit written) {
    var gold = new Gold(session, lifecycle, lakehouse);
    return MadeOf.notedBy(written)
        .filter(madeOf -> !gold.formerVersions(madeOf).isEmpty())
        .isPresent();
  }

  /**
   * Why the next refresh makes a table from all events, as far as that is known before; empty when
   * it follows what is new.
   *
   * @param session one of {@link TableSession}
   * @param table one of the lifecycle's; it and its sources exist
   */
  public static Optional<String> reasonToRebuild(
      SparkSession session, Lakehouse lakehouse, Lifecycle lifecycle, TableDeclaration table) {
    var gold = new Gold(session, lifecycle, lakehouse);
    try (var update =
        new Update(session, lakehouse, lifecycle, gold.sources().toList(), Progress.unwatched())) {
      return update.reasonToRebuild(lakehouse.table(table));
    }
  }

  /** The versions that a table was made of, of those sources that have news for it since. */
  private Map<String, Long> formerVersions(MadeOf madeOf) {
    var sources = sources().toList();
    var now = MadeOf.lastChanges(spark, sources);
    var versions = new HashMap<String, Long>();
    for (var source : sources) {
      var name = MadeOf.name(source);
      var noted = madeOf.commits().get(name);
      if (noted != null
          && !noted.equals(now.get(name).id())
          && hasNews(source, noted, now.get(name))) {
        versions.put(name, Commit.version(noted));
      }
    }
    return versions;
  }

  /** Other pipelines write to the same Bronze and the same quarantine. */
  private boolean hasNews(Table source, String noted, Commit now) {
    try {
      return Touched.changes(spark, lifecycle, source, noted, now)
          .map(changes -> !changes.isEmpty())
          .orElse(true);
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      if (ErrorCondition.CHANGES_LOST.in(e).isPresent()) {
        return true;
      }
      throw e;
    }
  }

  private Dataset<Row> asOf(TableDeclaration table, long position) {
    return rows(table, new StreamEvents(lakehouse, lifecycle, Scope.through(position)));
  }

  private Dataset<Row> rows(TableDeclaration table, StreamEvents events) {
    sources().forEach(source -> source.existing(spark));
    var definition =
        lifecycle.tables().stream()
            .filter(one -> one.table().equals(table))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(table + " is not of this lifecycle"));
    var names = table.columns().stream().map(Column::name).toArray(String[]::new);
    return ErasedStreams.of(spark, lakehouse)
        .leaveOut(spark.sql(events.select(definition)).toDF(names));
  }

  private JobReport run(boolean whole, Progress progress) {
    var tables =
        lifecycle.tables().stream()
            .map(gold -> gold.table().ofCategory(lifecycle.category()))
            .map(table -> lakehouse.ensure(spark, table))
            .toList();
    lakehouse.ensure(spark, QuarantineTable.DECLARATION);
    var sources = sources().map(table -> table.existing(spark)).toList();
    progress.passed(Phase.GOLD_OPENED);
    var report =
        Conflicts.retried(
            () -> {
              try (var update = new Update(spark, lakehouse, lifecycle, sources, progress)) {
                return update.bringUpToDate(tables, whole);
              }
            });
    progress.reached(report.eventsIn(), report.rowsOut());
    return report;
  }

  private Stream<Table> sources() {
    return lifecycle.sources().stream().map(lakehouse::table);
  }
}
