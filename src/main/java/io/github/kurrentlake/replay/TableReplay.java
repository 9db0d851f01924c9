package io.github.kurrentlake.replay;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.replay.ReplaysTable.Entry;
import io.github.kurrentlake.silver.MadeBy;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.ErrorCondition;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.QualifiedName;
import io.github.kurrentlake.table.Sha256;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Makes Silver tables again while they are read and written: beside them, by the code that runs
 * every hour, then compared row by row, then switched in one commit each, in which only the rows
 * are written that differ. Gold follows by its own refresh, last.
 *
 * <p>Rows that a task writes meanwhile are neither lost nor doubled: what may go is read before the
 * last events are caught up with, so that every row that may go is of an event that was made again.
 *
 * <p>It can be stopped at any line. The same replay run again finishes it, whatever was switched
 * already; {@code ops.replays} says how far it is. One is open at a time.
 */
public final class TableReplay {
  private static final SqlTemplate QUARANTINE_ROWS =
      SqlTemplate.beside(TableReplay.class, "quarantine_rows.sql");

  private static final QualifiedName BRONZE = BronzeTables.EVENTS.qualifiedName();
  private static final QualifiedName QUARANTINE = QuarantineTable.DECLARATION.qualifiedName();
  private static final List<String> POSITION = List.of("log_position");

  private final SparkSession spark;
  private final ReplayOptions options;
  private final Progress progress;
  private final Projected projected;
  private final Lakehouse lakehouse;
  private final Lakehouse shadow;
  private final List<Projection> projections;
  private final ReplaysTable replays;
  private boolean hasBegun;

  private TableReplay(SparkSession caller, ReplayOptions options, Progress progress) {
    this.spark = TableSession.of(caller);
    this.options = options;
    this.progress = progress;
    this.projected = new Projected(progress);
    this.lakehouse = options.lakehouse();
    this.shadow = shadow(lakehouse, options.lifecycle(), !options.readsBronzeAsItIs());
    this.projections = options.replayed();
    this.replays = new ReplaysTable(spark, lakehouse);
  }

  /**
   * Runs a replay, or finishes it.
   *
   * @return how the tables compare, in the order in which they were switched
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 when a table does not exist,
   *     KL-325 when the differences are not accepted, KL-326 when another replay is open
   */
  public static List<Replayed> run(SparkSession caller, ReplayOptions options, Progress progress) {
    return new TableReplay(caller, options, progress).run();
  }

  /**
   * Gives the tables of the last replay the rows that they had before it; rows that were written
   * since stay. Gold follows.
   *
   * @return the tables
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-327 when there is none, KL-328 when
   *     Delta no longer has the rows
   */
  public static List<String> rollback(
      SparkSession caller, Lakehouse lakehouse, Lifecycle lifecycle, Progress progress) {
    var spark = TableSession.of(caller);
    var replays = new ReplaysTable(spark, lakehouse);
    var entries = replays.lastSwitched();
    if (entries.isEmpty()) {
      throw ErrorCode.NO_REPLAY.error();
    }
    entries.forEach(entry -> undo(spark, lakehouse, lifecycle, entry));
    replays.state(entries.get(0).replayId(), ReplaysTable.SWITCHED, ReplaysTable.ROLLED_BACK);
    Gold.refresh(spark, lakehouse, lifecycle, progress);
    return entries.stream().map(Entry::table).toList();
  }

  /**
   * Gives up the open replay, if there is one: what it made is removed.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-329 when it has switched a table
   */
  public static boolean drop(SparkSession caller, Lakehouse lakehouse, Lifecycle lifecycle) {
    var spark = TableSession.of(caller);
    var replays = new ReplaysTable(spark, lakehouse);
    var open = replays.open();
    var switched =
        open.stream().filter(entry -> commit(spark, lakehouse, entry).isPresent()).toList();
    if (!switched.isEmpty()) {
      throw ErrorCode.REPLAY_HALF_SWITCHED
          .error()
          .with("replay", open.get(0).replayId())
          .with("switched", switched.stream().map(Entry::table).toList());
    }
    if (!open.isEmpty()) {
      replays.state(open.get(0).replayId(), ReplaysTable.BUILDING, ReplaysTable.DROPPED);
    }
    remove(spark, lakehouse, lifecycle);
    return !open.isEmpty();
  }

  /** Whether a replay is not finished. */
  public static boolean isOpen(SparkSession spark, Lakehouse lakehouse) {
    return lakehouse.table(ReplaysTable.DECLARATION).exists(spark)
        && !new ReplaysTable(spark, lakehouse).open().isEmpty();
  }

  /** How many events a replay projects. */
  public static long events(SparkSession caller, ReplayOptions options) {
    var bronze = options.lakehouse().table(BronzeTables.EVENTS).existing(caller).read(caller);
    return options.replayed().stream()
        .mapToLong(projection -> bronze.filter(projection.takes()).count())
        .sum();
  }

  /** {@code ops.replays}, the newest first. */
  public static Dataset<Row> status(SparkSession caller, Lakehouse lakehouse) {
    return lakehouse
        .ensure(caller, ReplaysTable.DECLARATION)
        .read(caller)
        .orderBy(col("begun_at").desc(), col("table_name"));
  }

  private static Lakehouse shadow(Lakehouse lakehouse, Lifecycle lifecycle, boolean alsoBronze) {
    return lakehouse.shadow(
        shadowed(lifecycle)
            .filter(name -> alsoBronze || !name.equals(BRONZE))
            .collect(Collectors.toSet()));
  }

  private static Stream<QualifiedName> shadowed(Lifecycle lifecycle) {
    return Stream.concat(lifecycle.sources().stream(), Stream.of(BronzeTables.INGEST_HWM))
        .map(TableDeclaration::qualifiedName);
  }

  /** Removes all tables and checkpoints that a replay may have made. */
  private static void remove(SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle) {
    var shadow = shadow(lakehouse, lifecycle, true);
    lifecycle.projections().forEach(projection -> Silver.forget(spark, shadow, projection));
    shadowed(lifecycle).forEach(name -> shadow.remove(spark, name));
  }

  private List<Replayed> run() {
    var entries = entries();
    var held = pin();
    build();
    if (lakehouse.table(BRONZE).version(spark) != held.get(BRONZE)) {
      // What tasks wrote during the long build may be of the former declaration.
      held = pin();
      build();
    }
    progress.passed(Phase.SHADOW_BUILT);
    return compareAndSwitch(held, entries);
  }

  /** The rows of this replay in {@code ops.replays}; it begins unless it is open. */
  private List<Entry> entries() {
    var open = replays.open();
    if (open.isEmpty()) {
      // What an earlier one left behind that was stopped while it was removed.
      remove(spark, lakehouse, options.lifecycle());
      hasBegun = true;
      return replays.begin(names(), scope(), request());
    }
    if (!open.get(0).request().equals(request())) {
      throw ErrorCode.REPLAY_OPEN.error().with("replay", open.get(0).replayId());
    }
    return open;
  }

  private List<String> names() {
    return Stream.of(
            options.kurrentdb().isPresent() ? Stream.of(BRONZE) : Stream.<QualifiedName>of(),
            Stream.of(QUARANTINE),
            projections.stream().map(projection -> projection.table().qualifiedName()))
        .flatMap(names -> names)
        .map(QualifiedName::toString)
        .toList();
  }

  private String scope() {
    return "from %s%s%s"
        .formatted(
            options.kurrentdb().isPresent() ? "KurrentDB" : "Bronze",
            // Its name may be a person's.
            options.stream().isPresent() ? ", one stream" : "",
            options.version().isPresent() ? ", version " + options.version().getAsLong() : "");
  }

  private String request() {
    var text =
        Stream.of(
                Stream.of(scope(), options.stream().orElse("")),
                projections.stream().map(Projection::name),
                projections.stream().map(projection -> projection.fingerprint(options.zone())))
            .flatMap(parts -> parts)
            .collect(Collectors.joining("\n"));
    return Sha256.hex(text);
  }

  /** Brings the shadow up to date with all events of now. */
  private void build() {
    options.kurrentdb().ifPresent(bronze -> Bronze.ingest(spark, bronze.in(shadow), progress));
    if (!options.readsBronzeAsItIs()) {
      Bronze.takeOver(shadow, events());
    }
    SideBySide.each(
        projections,
        projection ->
            Silver.project(
                spark, shadow, projection, options.zone(), projected.of(projection.name())));
  }

  /** The events of Bronze that are made again. */
  private Dataset<Row> events() {
    var bronze = lakehouse.table(BronzeTables.EVENTS).existing(spark);
    var version = options.version();
    var events =
        version.isPresent() ? bronze.asOfVersion(spark, version.getAsLong()) : bronze.read(spark);
    return ofStream(events.filter(col("category").equalTo(options.lifecycle().category())));
  }

  private Dataset<Row> ofStream(Dataset<Row> rows) {
    return options.stream().map(name -> rows.filter(col("stream").equalTo(name))).orElse(rows);
  }

  /** By name the number of each table's last commit: only what it holds then may go. */
  private Map<QualifiedName, Long> pin() {
    return Stream.of(
            Stream.of(BronzeTables.EVENTS, QuarantineTable.DECLARATION),
            projections.stream().map(Projection::table))
        .flatMap(tables -> tables)
        .map(table -> lakehouse.table(table).existing(spark))
        .collect(Collectors.toMap(Table::name, table -> table.version(spark)));
  }

  private Dataset<Row> held(Table table, Map<QualifiedName, Long> held) {
    return ofStream(table.asOfVersion(spark, held.get(table.name())));
  }

  /**
   * A table and the rows that it gets.
   *
   * @param stored the rows that may go
   * @param isExplained whether a changed declaration explains what differs
   */
  private record Switched(Table table, RowSwitch rows, Dataset<Row> stored, boolean isExplained)
      implements AutoCloseable {

    String name() {
      return table.name().toString();
    }

    Replayed compared() {
      var counts = rows.counts();
      return new Replayed(
          name(),
          counts.same(),
          counts.changed(),
          counts.came(),
          counts.gone(),
          rows.columnsThatDiffer(stored),
          isExplained || !counts.differs());
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  private Switched bronze(Map<QualifiedName, Long> held) {
    var table = lakehouse.table(BRONZE);
    var stored = held(table, held).filter(col("category").equalTo(options.lifecycle().category()));
    var wanted = shadow.table(BRONZE).read(spark);
    var rows = RowSwitch.between(spark, table, POSITION, stored, wanted, List.of("ingested_at"));
    return new Switched(table, rows, stored, false);
  }

  private Switched silver(Projection projection, Map<QualifiedName, Long> held) {
    var table = lakehouse.table(projection.table());
    var stored = held(table, held);
    var dismissed =
        quarantined(held)
            .filter(col("projection").equalTo(projection.name()))
            .filter(col("state").equalTo(QuarantineTable.DISMISSED))
            .select("log_position");
    var wanted =
        shadow
            .table(projection.table())
            .read(spark)
            .join(dismissed, new String[] {"log_position"}, "left_anti");
    var isExplained =
        !MadeBy.of(spark, table).equals(Optional.of(projection.fingerprint(options.zone())));
    var key = projection.table().key();
    var rows = RowSwitch.between(spark, table, key, stored, wanted, List.of());
    return new Switched(table, rows, stored, isExplained);
  }

  /** The quarantine of all projections; what differs there follows from Silver. */
  private RowSwitch quarantine(Map<QualifiedName, Long> held) {
    quarantined(held).createOrReplaceTempView("kurrentlake_held");
    shadow
        .table(QUARANTINE)
        .read(spark)
        .filter(col("state").equalTo(QuarantineTable.OPEN))
        .createOrReplaceTempView("kurrentlake_refused");
    projections.stream()
        .map(
            projection ->
                projection
                    .silverEvents(shadow.table(projection.table()).read(spark))
                    .select(
                        col("log_position"),
                        lit(projection.name()).as("projection"),
                        lit(projection.fingerprint(options.zone())).as("fingerprint")))
        .reduce(Dataset::unionAll)
        .orElseThrow()
        .createOrReplaceTempView("kurrentlake_taken");
    var wanted =
        spark.sql(
            QUARANTINE_ROWS.fill(
                Map.of(
                    "held", "kurrentlake_held",
                    "refused", "kurrentlake_refused",
                    "taken", "kurrentlake_taken")));
    return RowSwitch.of(
        spark, lakehouse.table(QUARANTINE), QuarantineTable.DECLARATION.key(), wanted, wanted);
  }

  private Dataset<Row> quarantined(Map<QualifiedName, Long> held) {
    return held(lakehouse.table(QUARANTINE), held)
        .filter(
            col("projection").isInCollection(projections.stream().map(Projection::name).toList()));
  }

  private List<Replayed> compareAndSwitch(Map<QualifiedName, Long> held, List<Entry> entries) {
    var tables = new ArrayList<Switched>();
    try (var quarantine = quarantine(held)) {
      if (options.kurrentdb().isPresent()) {
        tables.add(bronze(held));
      }
      projections.forEach(projection -> tables.add(silver(projection, held)));
      var compared = tables.stream().map(Switched::compared).toList();
      switch (options.onceCompared()) {
        case SHOW -> {
          // An open replay that waits to be accepted stays as it is.
          if (hasBegun) {
            drop(spark, lakehouse, options.lifecycle());
          }
          return compared;
        }
        case SWITCH -> requireExpected(compared, entries);
        case SWITCH_WHATEVER_DIFFERS -> {
          // They are named by the result.
        }
      }
      switchTo(tables, compared, quarantine, entries);
      return compared;
    } finally {
      tables.forEach(Switched::close);
    }
  }

  private void requireExpected(List<Replayed> compared, List<Entry> entries) {
    var error = ErrorCode.REPLAY_DIFFERS.error();
    var isExpected = true;
    for (var replayed : compared) {
      // What an earlier attempt has begun to switch was accepted then.
      var isAccepted =
          entries.stream()
              .anyMatch(
                  entry -> entry.table().equals(replayed.table()) && commit(entry).isPresent());
      if (!replayed.isExpected() && !isAccepted) {
        isExpected = false;
        error = error.with(replayed.table(), replayed);
      }
    }
    if (!isExpected) {
      throw error;
    }
  }

  private void switchTo(
      List<Switched> tables, List<Replayed> compared, RowSwitch quarantine, List<Entry> entries) {
    var former = new HashMap<String, String>();
    for (var table : tables) {
      MadeBy.of(spark, table.table()).ifPresent(madeBy -> former.put(table.name(), madeBy));
    }
    replays.compared(compared, former);
    progress.passed(Phase.SHADOW_COMPARED);
    var rows = new HashMap<String, RowSwitch>();
    rows.put(QUARANTINE.toString(), quarantine);
    tables.forEach(table -> rows.put(table.name(), table.rows()));
    var versions = new HashMap<String, Long>();
    for (var entry : entries) {
      rows.get(entry.table()).apply(note(entry));
      progress.passed(Phase.TABLE_SWITCHED);
      if (!hasBegun || rows.get(entry.table()).counts().differs()) {
        commit(entry).ifPresent(commit -> versions.put(entry.table(), commit.version()));
      }
    }
    if (options.stream().isEmpty()) {
      projections.forEach(this::noteDeclaration);
    }
    replays.switched(entries.stream().map(Entry::table).toList(), versions);
    progress.passed(Phase.SWITCH_NOTED);
    Gold.refresh(spark, lakehouse, options.lifecycle(), progress.ofPhases());
    remove(spark, lakehouse, options.lifecycle());
  }

  /** The commit that switched a table, also one that an earlier attempt never learnt of. */
  private Optional<Commit> commit(Entry entry) {
    return commit(spark, lakehouse, entry);
  }

  private static Optional<Commit> commit(SparkSession spark, Lakehouse lakehouse, Entry entry) {
    return Commit.noted(spark, lakehouse.table(QualifiedName.parse(entry.table())), note(entry));
  }

  private void noteDeclaration(Projection projection) {
    var silver = lakehouse.table(projection.table());
    var fingerprint = projection.fingerprint(options.zone());
    if (!MadeBy.of(spark, silver).equals(Optional.of(fingerprint))) {
      MadeBy.note(spark, silver, fingerprint);
    }
  }

  private static String note(Entry entry) {
    return Commit.OURS + " replay " + entry.replayId();
  }

  private static void undo(
      SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle, Entry entry) {
    if (entry.commitVersion().isEmpty()) {
      return;
    }
    var name = QualifiedName.parse(entry.table());
    var table = lakehouse.table(name).existing(spark);
    var key =
        lifecycle.sources().stream()
            .filter(source -> source.qualifiedName().equals(name))
            .findFirst()
            .map(TableDeclaration::key)
            .orElse(POSITION);
    var commit = entry.commitVersion().getAsLong();
    try {
      if (!commit(spark, lakehouse, entry).map(Commit::version).equals(Optional.of(commit))) {
        throw ErrorCode.ROLLBACK_LOST.error().with("table", table.name());
      }
      var changes = table.changes(spark, commit - 1, commit);
      var columns =
          Stream.of(table.read(spark).columns())
              .map(Sql::identifier)
              .map(functions::col)
              .toArray(Column[]::new);
      var former =
          ErasedStreams.of(spark, lakehouse)
              .leaveOut(changes.filter(col("_change_type").equalTo("delete")).select(columns));
      var going =
          changes.select(key.stream().map(functions::col).toArray(Column[]::new)).distinct();
      try (var rows = RowSwitch.of(spark, table, key, going, former)) {
        rows.apply(note(entry) + " rolled back");
      }
    } catch (Exception e) {
      if (ErrorCondition.CHANGES_LOST.in(e).isPresent()) {
        throw ErrorCode.ROLLBACK_LOST.error().with("table", table.name()).causedBy(e);
      }
      throw e instanceof RuntimeException thrown ? thrown : new IllegalStateException(e);
    }
    entry.formerDeclaration().ifPresent(former -> MadeBy.note(spark, table, former));
  }
}
