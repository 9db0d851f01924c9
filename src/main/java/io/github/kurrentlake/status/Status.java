package io.github.kurrentlake.status;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.job.TaskRuns;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.source.LogDigest;
import io.github.kurrentlake.source.LogDigest.Waiting;
import io.github.kurrentlake.status.LayerStatus.LastRun;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * How the layers stand. KurrentDB is asked once, for its index; of each table the largest {@code
 * log_position} is read, which Delta mostly knows without reading the table.
 *
 * @param layers Bronze, Silver and Gold, in this order
 * @param unclaimed by event types that no projection takes how many events KurrentDB has
 * @param unanswered why KurrentDB did not answer; empty when it did
 */
public record Status(
    List<LayerStatus> layers,
    Map<String, Long> unclaimed,
    Optional<KurrentlakeException> unanswered) {
  private static final long NOTHING = -1;

  public Status {
    layers = List.copyOf(layers);
    unclaimed = Map.copyOf(unclaimed);
  }

  /** How the layers of a lifecycle stand now. */
  public static Status of(
      SparkSession caller, BronzeOptions options, Lifecycle lifecycle, Tasks tasks) {
    return new Look(TableSession.of(caller), options, lifecycle, tasks).status();
  }

  /** For how long the event has waited that has waited longest for a layer; empty for none. */
  public Optional<Duration> behind() {
    return layers.stream().flatMap(layer -> layer.behind().stream()).max(Duration::compareTo);
  }

  /** One look at a lakehouse. */
  private static final class Look {
    private final SparkSession spark;
    private final BronzeOptions options;
    private final Lakehouse lakehouse;
    private final Lifecycle lifecycle;
    private final Tasks tasks;
    private final Instant now = Instant.now();
    private final Map<String, LastRun> runs;
    private final Map<String, Row> quarantine;

    Look(SparkSession spark, BronzeOptions options, Lifecycle lifecycle, Tasks tasks) {
      this.spark = spark;
      this.options = options;
      this.lakehouse = options.lakehouse();
      this.lifecycle = lifecycle;
      this.tasks = tasks;
      this.runs = runs();
      this.quarantine = quarantine();
    }

    Status status() {
      var bronze = bronze();
      var silver = new ArrayList<OptionalLong>();
      lifecycle.projections().forEach(projection -> silver.add(position(projection, bronze)));
      var gold = gold(bronze);
      var marks = new ArrayList<Long>();
      marks.add(bronze.orElse(NOTHING));
      silver.forEach(position -> marks.add(position.orElse(NOTHING)));
      marks.add(gold.orElse(NOTHING));
      List<Waiting> waiting;
      try {
        waiting =
            LogDigest.of(spark, options.kurrentdb(), options.category(), NOTHING, Long.MAX_VALUE)
                .waiting(marks);
      } catch (Exception e) {
        var error = Causes.known(e);
        if (error.isEmpty()) {
          throw e;
        }
        return new Status(layers(bronze, silver, gold, Optional.empty()), Map.of(), error);
      }
      return new Status(
          layers(bronze, silver, gold, Optional.of(waiting)), unclaimed(waiting), Optional.empty());
    }

    private List<LayerStatus> layers(
        OptionalLong bronze,
        List<OptionalLong> silver,
        OptionalLong gold,
        Optional<List<Waiting>> waiting) {
      var layers = new ArrayList<LayerStatus>();
      layers.add(layer(BronzeTables.EVENTS, bronze, 0, type -> true, waiting));
      for (var i = 0; i < silver.size(); i++) {
        var projection = lifecycle.projections().get(i);
        layers.add(
            layer(
                projection.table(),
                silver.get(i),
                i + 1,
                projection.eventTypes()::contains,
                waiting));
      }
      layers.add(layer(lifecycle.table(), gold, silver.size() + 1, type -> true, waiting));
      return layers;
    }

    private LayerStatus layer(
        TableDeclaration declaration,
        OptionalLong position,
        int mark,
        Predicate<String> isOfIt,
        Optional<List<Waiting>> waiting) {
      var name = declaration.qualifiedName().toString();
      var ofIt =
          waiting.map(
              all ->
                  all.stream()
                      .filter(one -> one.mark() == mark && isOfIt.test(one.schemaName()))
                      .toList());
      var held = Optional.ofNullable(quarantine.get(declaration.name()));
      return new LayerStatus(
          name,
          position,
          ofIt.map(some -> OptionalLong.of(some.stream().mapToLong(Waiting::events).sum()))
              .orElseGet(OptionalLong::empty),
          ofIt.stream()
              .flatMap(List::stream)
              .filter(one -> one.events() > 0)
              .map(one -> Duration.between(Instant.ofEpochMilli(one.sinceMillis()), now))
              .max(Duration::compareTo),
          tasks
              .of(name)
              .flatMap(task -> Stream.ofNullable(runs.get(task)))
              .max(Comparator.comparing(LastRun::startedAt)),
          held.map(row -> row.getLong(1)).orElse(0L),
          held.map(row -> row.getTimestamp(2).toInstant()));
    }

    private Map<String, Long> unclaimed(List<Waiting> waiting) {
      var claimed =
          lifecycle.projections().stream()
              .flatMap(projection -> projection.eventTypes().stream())
              .collect(Collectors.toSet());
      return waiting.stream()
          .filter(one -> one.mark() == 0 && !claimed.contains(one.schemaName()))
          .collect(Collectors.toMap(Waiting::schemaName, Waiting::all));
    }

    private OptionalLong bronze() {
      var marks = lakehouse.table(BronzeTables.INGEST_HWM);
      return marks.exists(spark)
          ? greatest(
              marks.read(spark).filter(functions.col("pipeline_name").equalTo(options.pipeline())),
              "last_position")
          : OptionalLong.empty();
    }

    /** A task that has come to the end of Bronze has come as far as Bronze, whatever it took. */
    private OptionalLong position(Projection projection, OptionalLong bronze) {
      var events = lakehouse.table(BronzeTables.EVENTS);
      var reached = Silver.reached(spark, lakehouse, projection);
      return reached.isPresent()
              && events.exists(spark)
              && reached.getAsLong() >= events.lastChange(spark).version()
          ? bronze
          : last(lakehouse.table(projection.table()));
    }

    private OptionalLong gold(OptionalLong bronze) {
      var table = lakehouse.table(lifecycle.table());
      if (!table.exists(spark)) {
        return OptionalLong.empty();
      }
      var isWhole =
          lifecycle.sources().stream().map(lakehouse::table).allMatch(one -> one.exists(spark));
      return !isWhole || Gold.isBehind(spark, lakehouse, lifecycle, Gold.written(spark, table))
          ? last(table)
          : bronze;
    }

    private OptionalLong last(Table table) {
      return table.exists(spark)
          ? greatest(table.read(spark), "log_position")
          : OptionalLong.empty();
    }

    private static OptionalLong greatest(Dataset<Row> rows, String column) {
      var last = rows.agg(functions.max(column)).head();
      return last.isNullAt(0) ? OptionalLong.empty() : OptionalLong.of(last.getLong(0));
    }

    private Map<String, LastRun> runs() {
      return rows(
              TaskRuns.TABLE,
              "SELECT task, max(started_at), max_by(coalesce(error_code, outcome), started_at)"
                  + " FROM %s GROUP BY task")
          .collect(
              Collectors.toMap(
                  row -> row.getString(0),
                  row -> new LastRun(row.getTimestamp(1).toInstant(), row.getString(2))));
    }

    /** By projection: its name, how many events are open, and since when the oldest is there. */
    private Map<String, Row> quarantine() {
      return rows(
              QuarantineTable.DECLARATION,
              "SELECT projection, count(*), min(first_attempt) FROM %s WHERE state = 'open'"
                  + " GROUP BY projection")
          .collect(Collectors.toMap(row -> row.getString(0), row -> row));
    }

    private Stream<Row> rows(TableDeclaration declaration, String query) {
      var table = lakehouse.table(declaration);
      return table.exists(spark)
          ? spark.sql(query.formatted(table.sqlName())).collectAsList().stream()
          : Stream.empty();
    }
  }
}
