package io.github.kurrentlake.erase;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.reconcile.ReconciliationTable;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Forgets streams. The proof is written first, and from then on no task takes the stream in; then
 * its rows leave one table after the other; then the proof says that it is done. Whatever line a
 * call dies at, the same call again finishes it, and so it does with rows that came back, as with a
 * table from a backup. The files that held the rows go with {@link #purge}.
 *
 * <p>A task that runs at the same time may have read the stream before; what it then writes,
 * another call removes.
 *
 * <pre>{@code
 * var erasures = Erasures.of(spark, lakehouse, lifecycle, List.of());
 * erasures.erase("loanRequest-18981572");
 * erasures.purge();
 * }</pre>
 */
public final class Erasures {
  private static final SqlTemplate BEGIN = SqlTemplate.beside(Erasures.class, "begin.sql");
  private static final long SECONDS_PER_HOUR = 3600;

  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Lifecycle lifecycle;
  private final Table erasures;
  private final List<StreamTable> tables;

  private Erasures(
      SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle, List<TableDeclaration> others) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.lifecycle = lifecycle;
    this.erasures = lakehouse.ensure(spark, ErasedStreams.TABLE);
    var layers =
        Stream.of(
                Stream.of(BronzeTables.EVENTS),
                lifecycle.projections().stream().map(projection -> projection.table()),
                Stream.of(QuarantineTable.DECLARATION))
            .flatMap(declarations -> declarations)
            .toList();
    // A replay that is not finished has tables of its own.
    var shadow =
        lakehouse.shadow(
            layers.stream().map(TableDeclaration::qualifiedName).collect(Collectors.toSet()));
    this.tables =
        Stream.of(
                layers.stream().map(layer -> table(lakehouse, layer, "stream")),
                layers.stream().map(layer -> table(shadow, layer, "stream")),
                lifecycle.tables().stream().map(gold -> table(lakehouse, gold.table(), "stream")),
                others.stream().map(other -> table(lakehouse, other, "stream")),
                Stream.of(table(lakehouse, ReconciliationTable.DECLARATION, "what")))
            .flatMap(tables -> tables)
            .filter(one -> one.table().exists(spark))
            .toList();
  }

  private StreamTable table(Lakehouse place, TableDeclaration declaration, String column) {
    return new StreamTable(spark, place.table(declaration), declaration, column);
  }

  /**
   * The erasures of a lakehouse; the table {@code ops.erasures} is made where it is missing.
   *
   * @param lifecycle the Silver and Gold tables
   * @param others more tables with a column {@code stream}, which is that of the lifecycle; each
   *     declares which columns Delta keeps statistics of
   */
  public static Erasures of(
      SparkSession caller,
      Lakehouse lakehouse,
      Lifecycle lifecycle,
      List<TableDeclaration> others) {
    return new Erasures(TableSession.of(caller), lakehouse, lifecycle, others);
  }

  /** What is known of a stream that was erased, or whose erasure has begun. */
  public Optional<Erasure> find(String stream) {
    return erasures
        .read(spark)
        .filter(col("stream_hash").equalTo(ErasedStreams.hash(stream)))
        .takeAsList(1)
        .stream()
        .findFirst()
        .map(Erasures::erasure);
  }

  /**
   * Erases a stream. One that was erased before and stands nowhere is left as it is.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-330 for a stream that no table has
   *     and that was never erased, KL-310 when tasks keep writing
   */
  public Erasure erase(String stream) {
    var rows = rows(stream);
    var known = find(stream);
    if (rows.isEmpty() && known.isEmpty()) {
      throw ErrorCode.UNKNOWN_STREAM.error();
    }
    if (!rows.isEmpty() || known.filter(erasure -> erasure.doneAt().isPresent()).isEmpty()) {
      var touched =
          known.isPresent()
              ? tables
              : tables.stream().filter(table -> rows.containsKey(table.name())).toList();
      steps(ErasedStreams.hash(stream), rows, touched).forEach(Runnable::run);
    }
    return find(stream).orElseThrow();
  }

  /** What erasing does for the first time, in this order; each step can be repeated. */
  List<Runnable> steps(String stream) {
    return steps(ErasedStreams.hash(stream), rows(stream), tables);
  }

  private List<Runnable> steps(String hash, Map<String, Long> rows, List<StreamTable> touched) {
    var steps = new ArrayList<Runnable>();
    steps.add(() -> begin(hash, rows));
    touched.forEach(table -> steps.add(() -> table.delete(hash)));
    steps.add(() -> set("done_at", "stream_hash = " + Sql.literal(hash)));
    return steps;
  }

  private void begin(String hash, Map<String, Long> rows) {
    var counts =
        rows.entrySet().stream()
            .map(entry -> Sql.literal(entry.getKey()) + ", " + entry.getValue() + "L")
            .collect(Collectors.joining(", "));
    var begin =
        BEGIN.fill(
            Map.of("erasures", erasures.sqlName(), "hash", Sql.literal(hash), "rows", counts));
    Conflicts.retried(() -> spark.sql(begin));
  }

  private void set(String time, String condition) {
    var update =
        "UPDATE %s SET %2$s = current_timestamp() WHERE %2$s IS NULL AND %3$s"
            .formatted(erasures.sqlName(), time, condition);
    Conflicts.retried(() -> spark.sql(update));
  }

  /** By table how many rows of a stream there are; tables without any are left out. */
  Map<String, Long> rows(String stream) {
    var hash = ErasedStreams.hash(stream);
    var counts = SideBySide.each(tables, table -> table.rows(hash));
    var rows = new LinkedHashMap<String, Long>();
    for (var i = 0; i < tables.size(); i++) {
      if (counts.get(i) > 0) {
        rows.merge(tables.get(i).name(), counts.get(i), Long::sum);
      }
    }
    return rows;
  }

  /**
   * Where a stream still stands: the tables that show it, and those whose old files may hold it.
   */
  public List<Standing> report(String stream) {
    var rows = rows(stream);
    var done = find(stream).filter(found -> found.purgedAt().isEmpty()).flatMap(Erasure::doneAt);
    return tables.stream()
        .map(
            table ->
                new Standing(
                    table.name(),
                    rows.getOrDefault(table.name(), 0L),
                    done.map(time -> time.plusSeconds(table.retentionSeconds()))))
        .filter(standing -> standing.rows() > 0 || standing.filesUntil().isPresent())
        .toList();
  }

  /**
   * Removes the files of every table that it no longer shows, once they are older than the table's
   * retention. It can be repeated, and is needed again when files are younger.
   *
   * @return the tables whose files had to stay, and until when
   */
  public List<Standing> purge() {
    return purge(OptionalLong.empty());
  }

  /**
   * Does the same with another retention than the tables': who still reads an older version of a
   * table, or its changes since then, finds them gone.
   *
   * @param hours how old files must be
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-331 when a task of the layers has
   *     not read yet what would go
   */
  public List<Standing> purgeOlderThan(long hours) {
    requireRead();
    return purge(OptionalLong.of(hours));
  }

  private List<Standing> purge(OptionalLong retentionHours) {
    var now = Instant.now();
    var last = erasures.read(spark).filter("purged_at IS NULL").agg(max("done_at")).head();
    var kept = new ArrayList<Standing>();
    var longest = 0L;
    for (var table : tables) {
      table.vacuum(retentionHours);
      var seconds =
          retentionHours.isPresent()
              ? retentionHours.getAsLong() * SECONDS_PER_HOUR
              : table.retentionSeconds();
      longest = Math.max(longest, seconds);
      var until = time(last, 0).map(done -> done.plusSeconds(seconds));
      until
          .filter(now::isBefore)
          .ifPresent(time -> kept.add(new Standing(table.name(), 0, Optional.of(time))));
    }
    set(
        "purged_at",
        "done_at <= timestamp_micros(%d)".formatted((now.toEpochMilli() - longest * 1000) * 1000));
    return kept;
  }

  /**
   * What Silver has not read yet of Bronze must not be removed. Gold is made again where it cannot
   * follow.
   */
  private void requireRead() {
    var bronze = lakehouse.table(BronzeTables.EVENTS);
    if (!bronze.exists(spark)) {
      return;
    }
    var last = bronze.lastChange(spark).version();
    var behind =
        lifecycle.projections().stream()
            .filter(projection -> lakehouse.table(projection.table()).exists(spark))
            .filter(projection -> Silver.reached(spark, lakehouse, projection).orElse(-1) < last)
            .map(projection -> projection.table().qualifiedName().toString())
            .collect(Collectors.joining(", "));
    if (!behind.isEmpty()) {
      throw ErrorCode.PURGE_TOO_EARLY.error().with("tables", behind);
    }
  }

  private static Erasure erasure(Row row) {
    return new Erasure(
        row.getAs("stream_hash"),
        time(row, row.fieldIndex("begun_at")).orElseThrow(),
        time(row, row.fieldIndex("done_at")),
        time(row, row.fieldIndex("purged_at")),
        row.getJavaMap(row.fieldIndex("rows_removed")));
  }

  private static Optional<Instant> time(Row row, int index) {
    return Optional.ofNullable(row.<Object>getAs(index))
        .map(value -> value instanceof Timestamp stamp ? stamp.toInstant() : (Instant) value);
  }
}
