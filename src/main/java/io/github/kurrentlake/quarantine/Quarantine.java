package io.github.kurrentlake.quarantine;

import static org.apache.spark.sql.functions.col;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Redrive;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableSession;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The quarantine of a lakehouse, for a person. Everything that changes it can be called again:
 * whatever line a call dies at, the next one finishes what it began.
 *
 * <pre>{@code
 * var quarantine = Quarantine.of(spark, lakehouse, projections);
 * quarantine.list().show();
 * quarantine.redrive(ZoneOffset.UTC);
 * quarantine.dismiss(81234, "a test of the producer's");
 * }</pre>
 */
public final class Quarantine {
  private static final SqlTemplate LIST = SqlTemplate.beside(Quarantine.class, "list.sql");
  private static final SqlTemplate UNCLAIMED =
      SqlTemplate.beside(Quarantine.class, "unclaimed.sql");

  private static final SqlTemplate DISMISS = SqlTemplate.beside(Quarantine.class, "dismiss.sql");

  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Table table;
  private final Map<String, Projection> projections;

  private Quarantine(
      SparkSession spark, Lakehouse lakehouse, Table table, Map<String, Projection> projections) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.table = table;
    this.projections = projections;
  }

  /**
   * Opens the quarantine; its table is made where it is missing.
   *
   * @param projections the declarations that events are tried again with
   */
  public static Quarantine of(
      SparkSession caller, Lakehouse lakehouse, Collection<Projection> projections) {
    var spark = TableSession.of(caller);
    var byName = new LinkedHashMap<String, Projection>();
    projections.forEach(projection -> byName.put(projection.name(), projection));
    var table = lakehouse.ensure(spark, QuarantineTable.DECLARATION);
    return new Quarantine(spark, lakehouse, table, byName);
  }

  /**
   * How many events are there for which reason.
   *
   * @return state, projection, rule, column (null when the whole event is meant), events, example
   *     (the position of the first), and the beginning of its offending value
   */
  public Dataset<Row> list() {
    return spark.sql(LIST.fill(Map.of("quarantine", table.sqlName())));
  }

  /**
   * The event types of Bronze that no projection takes. Their events are in no Silver table and not
   * in quarantine either; Bronze has them.
   *
   * @return category, schema_name, events, example (the position of the first)
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 without Bronze
   */
  public Dataset<Row> unclaimed() {
    var claimed =
        projections.values().stream()
            .flatMap(projection -> projection.eventTypes().stream())
            .map(Sql::literal)
            .collect(Collectors.joining(", "));
    var events = lakehouse.table(BronzeTables.EVENTS).existing(spark).sqlName();
    return spark.sql(UNCLAIMED.fill(Map.of("events", events, "claimed", claimed)));
  }

  /**
   * All that is known of one event, a row for each projection that could not read it.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-308 when there is none
   */
  public List<Row> show(long position) {
    var rows =
        table
            .read(spark)
            .filter(col("log_position").equalTo(position))
            .orderBy("projection")
            .collectAsList();
    if (rows.isEmpty()) {
      throw ErrorCode.NOT_IN_QUARANTINE.error().with("log_position", position);
    }
    return rows;
  }

  /**
   * Tries the open events of all projections again.
   *
   * @param zone the zone of timestamps that name none
   * @return by projection, events tried and rows that are new in Silver
   */
  public Map<String, JobReport> redrive(ZoneId zone) {
    var reports = new LinkedHashMap<String, JobReport>();
    projections.keySet().forEach(name -> reports.put(name, redrive(name, zone)));
    return reports;
  }

  /**
   * Tries the open events of one projection again.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-309 for an unknown projection
   */
  public JobReport redrive(String projection, ZoneId zone) {
    return Redrive.all(spark, lakehouse, known(projection), zone);
  }

  /**
   * Leaves an open event out of Silver for good, whatever its declaration becomes.
   *
   * @return in how many projections it was open
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-308 when in none
   */
  public long dismiss(long position, String reason) {
    var dismissed = dismissWhere("log_position = " + position, reason);
    if (dismissed == 0) {
      throw ErrorCode.NOT_IN_QUARANTINE.error().with("log_position", position);
    }
    return dismissed;
  }

  /**
   * Leaves all open events of a projection out of Silver that have an error of this rule.
   *
   * @param rule as {@link #list} names it
   * @return their number
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-309 for an unknown projection
   */
  public long dismissAll(String projection, String rule, String reason) {
    return dismissWhere(
        "projection = %s AND array_contains(errors.rule, %s)"
            .formatted(Sql.literal(known(projection).name()), Sql.literal(rule)),
        reason);
  }

  private long dismissWhere(String condition, String reason) {
    var update =
        DISMISS.fill(
            Map.of(
                "quarantine",
                table.sqlName(),
                "condition",
                condition,
                "reason",
                Sql.literal(reason)));
    return Conflicts.retried(() -> spark.sql(update).head().getLong(0));
  }

  private Projection known(String name) {
    var projection = projections.get(name);
    if (projection == null) {
      throw ErrorCode.UNKNOWN_PROJECTION
          .error()
          .with("projection", name)
          .with("projections", String.join(", ", projections.keySet()));
    }
    return projection;
  }
}
