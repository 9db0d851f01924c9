package io.github.kurrentlake.gold;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/** One attempt to bring the Gold tables of a lifecycle up to date with the sources as they are. */
final class Update implements AutoCloseable {
  private static final SqlTemplate MERGE = SqlTemplate.beside(Update.class, "merge_rows.sql");
  private static final String TOUCHED = "kurrentlake_touched";
  private static final String ROWS = "kurrentlake_rows";
  private static final String IS_DELETED = "is_deleted";
  private static final String[] STREAM = {"stream"};

  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Lifecycle lifecycle;
  private final List<Table> sources;
  private final Map<String, Commit> now;
  private final Progress progress;

  /** By what a table was made of: usually all tables of a lifecycle are made of the same. */
  private final Map<Map<String, String>, Optional<Touched>> touched = new ConcurrentHashMap<>();

  private final ErasedStreams erased;

  private boolean keepsChanges;

  private final List<Dataset<Row>> kept = new CopyOnWriteArrayList<>();

  Update(
      SparkSession spark,
      Lakehouse lakehouse,
      Lifecycle lifecycle,
      List<Table> sources,
      Progress progress) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.lifecycle = lifecycle;
    this.sources = sources;
    this.erased = ErasedStreams.of(spark, lakehouse);
    this.now = MadeOf.lastChanges(spark, sources);
    this.progress = progress;
  }

  /**
   * Does it for all tables, side by side.
   *
   * @param whole whether they are rebuilt although they could be followed
   */
  JobReport bringUpToDate(List<Table> tables, boolean whole) {
    var selects = selects();
    var madeOf = MadeOf.of(now, definition(selects));
    var last = SideBySide.each(tables, table -> MadeOf.written(spark, table));
    if (!whole && last.stream().map(MadeOf::notedBy).allMatch(Optional.of(madeOf)::equals)) {
      return JobReport.nothingNew().notingEmpty(lacking(MadeOf.emptyAt(last.get(0))));
    }
    var empty = Overwrite.empty(spark, sources);
    var note = madeOf.note(empty);
    spark.conf().set(Commit.USER_METADATA, note);
    var moved =
        SideBySide.each(
            IntStream.range(0, tables.size()).boxed().toList(),
            i -> {
              var gold = tables.get(i);
              var noted = MadeOf.notedBy(last.get(i));
              if (!whole && noted.equals(Optional.of(madeOf))) {
                return JobReport.nothingNew();
              }
              progress.passed(Phase.GOLD_PLANNED);
              var reason = whole ? Optional.of("as asked") : reasonToRebuild(gold, noted, madeOf);
              return reason.isEmpty()
                  ? follow(lifecycle.tables().get(i), gold, last.get(i), selects.get(i), note)
                  : rebuild(gold, selects.get(i), reason.orElseThrow());
            });
    var notes = new ArrayList<String>();
    moved.stream().flatMap(report -> report.notes().stream()).distinct().forEach(notes::add);
    notes.addAll(JobReport.nothingNew().notingEmpty(lacking(empty)).notes());
    return moved.get(0).noting(notes);
  }

  /** Why a table would be rebuilt; empty when it can be followed. */
  Optional<String> reasonToRebuild(Table gold) {
    return reasonToRebuild(
        gold, MadeOf.notedBy(MadeOf.written(spark, gold)), MadeOf.of(now, definition(selects())));
  }

  /** The queries of the tables, of all events. */
  private List<String> selects() {
    var everything = new StreamEvents(lakehouse, lifecycle, Scope.everything());
    return lifecycle.tables().stream().map(everything::select).toList();
  }

  /** The SQL without the places of the tables, so that a lakehouse can be moved. */
  private String definition(List<String> selects) {
    var definition = String.join(";", selects);
    for (var source : sources) {
      definition = definition.replace(source.sqlName(), MadeOf.name(source));
    }
    return definition;
  }

  /** Nothing in quarantine is as it should be. */
  private static List<String> lacking(List<String> empty) {
    return empty.stream()
        .filter(source -> !source.equals(QuarantineTable.DECLARATION.qualifiedName().toString()))
        .toList();
  }

  private Optional<String> reasonToRebuild(Table gold, Optional<MadeOf> noted, MadeOf madeOf) {
    if (noted.isEmpty()) {
      return Optional.of(gold.isEmpty(spark) ? "it held no row" : "others have changed it");
    }
    return noted.orElseThrow().definition().equals(madeOf.definition())
        ? Optional.empty()
        : Optional.of("its definition has changed");
  }

  private JobReport follow(
      GoldTable definition, Table gold, Commit written, String select, String note) {
    var noted = MadeOf.notedBy(written).orElseThrow();
    Optional<Touched> streams;
    try {
      streams =
          touched.computeIfAbsent(
              noted.commits(), before -> Touched.between(spark, lifecycle, sources, before, now));
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      var isGap =
          Causes.include(e, IOException.class)
              || Causes.of(e).anyMatch(SparkThrowable.class::isInstance);
      var isKnown =
          e instanceof KurrentlakeException known && known.code() != ErrorCode.TABLE_LOG_DAMAGED;
      if (isKnown || !isGap) {
        throw e;
      }
      return rebuild(gold, select, "a change feed has a gap: " + Causes.firstLine(e));
    }
    if (streams.isEmpty()) {
      return rebuild(gold, select, "a table it is made of was replaced");
    }
    var report =
        streams.get().number() == 0
            ? JobReport.nothingNew()
            : merge(definition, gold, streams.get());
    if (report.rowsOut() == 0) {
      MadeOf.noteOf(spark, gold, written, note);
    }
    return report;
  }

  private JobReport rebuild(Table gold, String select, String reason) {
    keepChanges();
    Overwrite.write(spark, gold, erased.leaveOut(select));
    progress.passed(Phase.GOLD_WRITTEN);
    return counted(gold).noting(List.of("rebuilt, " + reason));
  }

  /** The rows of the first table and of Silver; the other tables are not reported. */
  private JobReport counted(Table gold) {
    if (!gold.name().equals(lifecycle.table().qualifiedName())) {
      return JobReport.nothingNew();
    }
    var read =
        sources.stream()
            .filter(table -> table.name().schema().equals("silver"))
            .mapToLong(table -> table.read(spark).count())
            .sum();
    return new JobReport(read, gold.read(spark).count());
  }

  /** So that the next run can follow the tables that this one reads whole. */
  private synchronized void keepChanges() {
    if (!keepsChanges) {
      SideBySide.each(
          sources,
          source -> {
            source.keepChanges(spark);
            return source;
          });
      keepsChanges = true;
    }
  }

  private JobReport merge(GoldTable definition, Table gold, Touched streams) {
    // Both tables are written in one session, whose views they share.
    var view = ROWS + "_" + gold.name().table();
    streams.rows().createOrReplaceTempView(TOUCHED);
    var columns = definition.table().columns().stream().map(Column::name).toArray(String[]::new);
    var key = definition.table().key().toArray(String[]::new);
    var held =
        keep(gold.read(spark).join(streams.rows(), STREAM, "left_semi").select(known(definition)));
    var scope = Scope.of(TOUCHED, Math.min(streams.first(), first(definition, held)));
    var select = new StreamEvents(lakehouse, lifecycle, scope).select(definition);
    var computed =
        erased.leaveOut(spark.sql(select).toDF(columns)).withColumn(IS_DELETED, lit(false));
    held.select(Stream.of(key).map(functions::col).toArray(org.apache.spark.sql.Column[]::new))
        .join(computed, key, "full_outer")
        .withColumn(IS_DELETED, coalesce(functions.col(IS_DELETED), lit(true)))
        .createOrReplaceTempView(view);
    var merge =
        MERGE.fill(
            Map.of(
                "gold", gold.sqlName(),
                "rows", view,
                "key", each(key, "held.%1$s = computed.%1$s", " AND "),
                "same", each(columns, "held.%1$s <=> computed.%1$s", " AND "),
                "set", each(columns, "%1$s = computed.%1$s", ", "),
                "columns", each(columns, "%1$s", ", "),
                "values", each(columns, "computed.%1$s", ", ")));
    long rows = spark.sql(merge).head().getAs("num_affected_rows");
    progress.passed(Phase.GOLD_WRITTEN);
    return new JobReport(streams.events(), rows)
        .noting(
            List.of(
                "refreshed in %,d %s"
                    .formatted(streams.number(), streams.number() == 1 ? "stream" : "streams")));
  }

  /** What is asked of the rows that there are: their key, and where their streams begin. */
  private static org.apache.spark.sql.Column[] known(GoldTable definition) {
    return Stream.concat(definition.table().key().stream(), Stream.of(definition.firstPosition()))
        .filter(name -> !name.isEmpty())
        .distinct()
        .map(functions::col)
        .toArray(org.apache.spark.sql.Column[]::new);
  }

  /** The least position of the streams' events that the table knows of. */
  private static long first(GoldTable definition, Dataset<Row> held) {
    if (definition.firstPosition().isEmpty()) {
      return Long.MIN_VALUE;
    }
    var first = held.agg(functions.min(definition.firstPosition())).head();
    return first.isNullAt(0) ? Long.MAX_VALUE : first.getLong(0);
  }

  private static String each(String[] names, String pattern, String delimiter) {
    return Stream.of(names)
        .map(name -> pattern.formatted(Sql.identifier(name)))
        .collect(Collectors.joining(delimiter));
  }

  /** Computes rows once, for the several times they are read. */
  private Dataset<Row> keep(Dataset<Row> rows) {
    kept.add(rows.persist(StorageLevel.MEMORY_AND_DISK()));
    return rows;
  }

  @Override
  public void close() {
    kept.forEach(Dataset::unpersist);
    touched.values().forEach(found -> found.ifPresent(Touched::close));
  }
}
