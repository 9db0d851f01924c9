package io.github.kurrentlake.gold;

import static org.apache.spark.sql.functions.lit;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final String IS_GONE = "is_gone";
  private static final String[] STREAM = {"stream"};

  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Lifecycle lifecycle;
  private final List<Table> sources;
  private final Map<String, Commit> now;

  /** By what a table was made of: usually all tables of a lifecycle are made of the same. */
  private final Map<Map<String, String>, Optional<Touched>> touched = new HashMap<>();

  private final List<Dataset<Row>> kept = new ArrayList<>();

  /** What was done, and with which tables. */
  private final Map<String, List<String>> ways = new LinkedHashMap<>();

  private List<String> empty = List.of();

  Update(SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle, List<Table> sources) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.lifecycle = lifecycle;
    this.sources = sources;
    this.now = MadeOf.lastChanges(spark, sources);
  }

  /**
   * Does it for all tables.
   *
   * @param whole whether they are rebuilt although they could be followed
   */
  JobReport bringUpToDate(List<Table> tables, boolean whole) {
    var moved =
        IntStream.range(0, tables.size()).mapToObj(i -> update(i, tables.get(i), whole)).toList();
    var notes = new ArrayList<String>();
    ways.forEach(
        (way, done) ->
            notes.add(
                done.size() == tables.size() ? way : way + " (" + String.join(", ", done) + ")"));
    empty.stream()
        // Nothing in quarantine is as it should be.
        .filter(source -> !source.equals(QuarantineTable.DECLARATION.qualifiedName()))
        .map(source -> source + " holds no row")
        .forEach(notes::add);
    return moved.get(0).noting(notes);
  }

  private JobReport update(int index, Table gold, boolean whole) {
    var definition = lifecycle.tables().get(index);
    var select = new StreamEvents(lakehouse, lifecycle, Scope.everything()).select(definition);
    var madeOf = MadeOf.of(now, select);
    var last = gold.lastChange(spark);
    var noted = MadeOf.notedBy(last);
    if (!whole && noted.equals(Optional.of(madeOf))) {
      empty = MadeOf.emptyAt(last);
      return JobReport.nothingNew();
    }
    empty = Overwrite.empty(spark, sources);
    var reason = whole ? Optional.of("as asked") : reasonToRebuild(gold, noted, madeOf);
    if (reason.isEmpty()) {
      var changes = changes(noted.orElseThrow());
      if (changes.streams().isPresent()) {
        return merge(definition, gold, changes.streams().orElseThrow(), madeOf.note(empty));
      }
      reason = Optional.of(changes.gap());
    }
    return rebuild(gold, select, madeOf.note(empty), reason.orElseThrow());
  }

  private Optional<String> reasonToRebuild(Table gold, Optional<MadeOf> noted, MadeOf madeOf) {
    if (noted.isEmpty()) {
      return Optional.of(gold.isEmpty(spark) ? "it held no row" : "others have changed it");
    }
    return noted.orElseThrow().definition().equals(madeOf.definition())
        ? Optional.empty()
        : Optional.of("its definition has changed");
  }

  private record Changes(Optional<Touched> streams, String gap) {}

  private Changes changes(MadeOf noted) {
    try {
      var found =
          touched.computeIfAbsent(
              noted.commits(), before -> Touched.between(spark, lifecycle, sources, before, now));
      return new Changes(found, "a table it is made of was replaced");
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      var isGap =
          Causes.include(e, IOException.class)
              || Causes.of(e).anyMatch(SparkThrowable.class::isInstance);
      if (e instanceof KurrentlakeException || !isGap) {
        throw e;
      }
      return new Changes(Optional.empty(), "a change feed has a gap: " + firstLine(e));
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private JobReport rebuild(Table gold, String select, String note, String reason) {
    sources.forEach(source -> source.keepChanges(spark));
    Overwrite.write(spark, gold, select, note);
    var read =
        sources.stream()
            .filter(table -> table.declaration().schema().equals("silver"))
            .mapToLong(table -> table.read(spark).count())
            .sum();
    var rows = gold.read(spark).count();
    note("rebuilt, " + reason, gold);
    return new JobReport(read, rows);
  }

  private JobReport merge(GoldTable definition, Table gold, Touched streams, String note) {
    streams.rows().createOrReplaceTempView(TOUCHED);
    var columns = definition.table().columns().stream().map(Column::name).toArray(String[]::new);
    var key = definition.table().key().toArray(String[]::new);
    var held =
        keep(gold.read(spark).join(streams.rows(), STREAM, "left_semi").select(known(definition)));
    var scope = Scope.of(TOUCHED, Math.min(streams.first(), first(definition, held)));
    var select = new StreamEvents(lakehouse, lifecycle, scope).select(definition);
    var fresh = keep(spark.sql(select).toDF(columns));
    fresh
        .withColumn(IS_GONE, lit(false))
        .unionByName(held.join(fresh, key, "left_anti").withColumn(IS_GONE, lit(true)), true)
        .createOrReplaceTempView(ROWS);
    spark.conf().set(Commit.USER_METADATA, note);
    var merge =
        MERGE.fill(
            Map.of(
                "gold", gold.sqlName(),
                "rows", ROWS,
                "key", each(key, "held.%1$s = fresh.%1$s", " AND "),
                "same", each(columns, "held.%1$s <=> fresh.%1$s", " AND "),
                "set", each(columns, "%1$s = fresh.%1$s", ", "),
                "columns", each(columns, "%1$s", ", "),
                "values", each(columns, "fresh.%1$s", ", ")));
    long rows = spark.sql(merge).head().getAs("num_affected_rows");
    note("refreshed in %,d streams".formatted(streams.number()), gold);
    return new JobReport(streams.events(), rows);
  }

  private void note(String way, Table gold) {
    ways.computeIfAbsent(way, none -> new ArrayList<>()).add(MadeOf.name(gold));
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
