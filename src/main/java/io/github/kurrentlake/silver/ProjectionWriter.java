package io.github.kurrentlake.silver;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Lakehouse.Made;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The two tables that a projection's events can land in, and the statements that write them. Each
 * is safe to repeat: Silver takes a position once, and quarantine takes once what Silver does not
 * have.
 */
final class ProjectionWriter {
  private static final SqlTemplate QUARANTINE =
      SqlTemplate.beside(ProjectionWriter.class, "quarantine_events.sql");
  private static final SqlTemplate SETTLE =
      SqlTemplate.beside(ProjectionWriter.class, "settle_attempts.sql");

  private static final String POSITION = "log_position";
  private static final String SOURCE = "kurrentlake_arrived";

  /** Of a parsed event that belongs in Silver. */
  static final Column IS_GOOD = functions.size(functions.col("errors")).equalTo(0);

  private static final Column HAS_PAYLOAD =
      functions.not(functions.coalesce(functions.col("data"), functions.lit("")).isin("", "{}"));

  private final Projection projection;
  private final String fingerprint;
  private final PayloadParser parser;
  private final Made silver;
  private final Optional<String> madeBy;
  private final Made quarantine;
  private final Progress progress;

  private ProjectionWriter(
      SparkSession spark,
      Lakehouse lakehouse,
      Projection projection,
      ZoneId zone,
      Progress progress) {
    this.projection = projection;
    this.fingerprint = projection.fingerprint(zone);
    this.parser = new PayloadParser(projection, zone);
    this.silver = lakehouse.make(spark, MadeBy.in(projection, fingerprint));
    this.madeBy = MadeBy.of(spark, silver.table());
    this.quarantine = lakehouse.make(spark, QuarantineTable.DECLARATION);
    this.progress = progress;
    progress.passed(Phase.SILVER_OPENED);
  }

  /** The tables of a projection, made where they are missing. */
  static ProjectionWriter open(
      SparkSession spark,
      Lakehouse lakehouse,
      Projection projection,
      ZoneId zone,
      Progress progress) {
    return new ProjectionWriter(spark, lakehouse, projection, zone, progress);
  }

  /** The fingerprint of the projection in its zone. */
  String fingerprint() {
    return fingerprint;
  }

  /** The fingerprint of the declaration that Silver's rows are of, as the table says. */
  Optional<String> madeBy() {
    return madeBy;
  }

  Table silver() {
    return silver.table();
  }

  Table quarantine() {
    return quarantine.table();
  }

  /** Whether a table was missing, and this run has made it. */
  boolean madeATable() {
    return silver.isNew() || quarantine.isNew();
  }

  /** The events with their rows and errors, as {@link PayloadParser} gives them. */
  Dataset<Row> parse(Dataset<Row> events) {
    return parser.parse(events);
  }

  /**
   * The greatest position that landed in either table before this run; found in the statistics of
   * Silver's files, and in the quarantine's files that reach beyond them. A table that this run has
   * made is not asked.
   */
  long greatestPosition(SparkSession spark) {
    var inSilver =
        silver.isNew()
            ? Positions.BEFORE_THE_LOG
            : greatest(silver().read(spark), Positions.BEFORE_THE_LOG);
    return hadQuarantined(spark)
        ? greatest(quarantined(spark, Positions.above(inSilver)), inSilver)
        : inSilver;
  }

  /** Whether an event of any projection was ever in quarantine before this run. */
  boolean hadQuarantined(SparkSession spark) {
    return !quarantine.isNew() && !quarantine().isEmpty(spark);
  }

  /**
   * Writes the good rows whose positions are new in Silver.
   *
   * @param parsed parsed events within the range, no event twice; errors are left out
   * @return the number of rows written
   */
  long land(Dataset<Row> parsed, Positions range) {
    return landRows(parsed.filter(IS_GOOD).select("row.*"), range);
  }

  /**
   * Writes rows whose positions are new in Silver.
   *
   * @param rows rows of Silver within the range, of no event twice
   * @return the number of rows written
   */
  long landRows(Dataset<Row> rows, Positions range) {
    var landed = silver().insertNew(rows, range.above(), range.through()).inserted();
    progress.passed(Phase.ROWS_LANDED);
    return landed;
  }

  /**
   * Writes the events with errors that neither table holds.
   *
   * @return the number of events that are open now and were not before
   */
  long quarantine(Dataset<Row> parsed, Positions range) {
    var refused =
        without(parsed.filter(functions.not(IS_GOOD)), landed(parsed.sparkSession(), range))
            .select(POSITION, "stream", "schema_name", "data", "errors");
    return merge(
        refused,
        QUARANTINE,
        Phase.EVENTS_QUARANTINED,
        Map.of(
            "quarantine",
            quarantine().sqlName(),
            "events",
            SOURCE,
            "above",
            range.above(),
            "through",
            range.through(),
            "projection",
            Sql.literal(projection.name()),
            "fingerprint",
            Sql.literal(fingerprint)));
  }

  /** Leaves out what quarantine keeps away from Silver: only a new attempt may land it. */
  Dataset<Row> withoutHeld(Dataset<Row> parsed, Positions range) {
    var held =
        quarantined(parsed.sparkSession(), range)
            .filter(functions.col("state").notEqual(QuarantineTable.RESOLVED))
            .select(POSITION);
    return without(parsed, held);
  }

  /** The open events of the types that the projection takes. */
  Dataset<Row> open(SparkSession spark) {
    return quarantined(spark, Positions.above(Positions.BEFORE_THE_LOG))
        .filter(functions.col("state").equalTo(QuarantineTable.OPEN))
        .filter(functions.col("schema_name").isInCollection(projection.eventTypes()));
  }

  /** Of some events those that are open for want of a payload, and have one now. */
  Dataset<Row> filled(Dataset<Row> events) {
    var unfilled = open(events.sparkSession()).filter(functions.not(HAS_PAYLOAD)).select(POSITION);
    return events.filter(HAS_PAYLOAD).join(unfilled, new String[] {POSITION}, "left_semi");
  }

  /** Of the open events those that another declaration, or one in another zone, refused. */
  Dataset<Row> openAndRefusedByOthers(SparkSession spark) {
    return open(spark).filter(functions.col("fingerprint").notEqual(fingerprint));
  }

  /**
   * Tries open events: those that can be read land in Silver, then the state of all follows what
   * Silver holds.
   *
   * @return events tried, and rows written
   */
  JobReport attempt(Dataset<Row> open) {
    var spanned = Positions.of(open);
    if (spanned.events() == 0) {
      return JobReport.nothingNew();
    }
    var parsed = parse(open);
    var rows = land(parsed, spanned.positions());
    settle(parsed, spanned.positions());
    return new JobReport(spanned.events(), rows);
  }

  private void settle(Dataset<Row> parsed, Positions range) {
    var landed = landed(parsed.sparkSession(), range).withColumn("landed", functions.lit(true));
    var attempts =
        parsed
            .filter(PayloadParser.IS_EVENT)
            .select(POSITION, "data", "errors")
            .join(landed, new String[] {POSITION}, "left")
            .withColumn(
                "landed", functions.coalesce(functions.col("landed"), functions.lit(false)));
    merge(
        attempts,
        SETTLE,
        Phase.ATTEMPT_SETTLED,
        Map.of(
            "quarantine",
            quarantine().sqlName(),
            "attempts",
            SOURCE,
            "projection",
            Sql.literal(projection.name()),
            "fingerprint",
            Sql.literal(fingerprint)));
  }

  private Dataset<Row> landed(SparkSession spark, Positions range) {
    return projection.silverEvents(silver().read(spark)).filter(range.hold()).select(POSITION);
  }

  private Dataset<Row> quarantined(SparkSession spark, Positions range) {
    return quarantine()
        .read(spark)
        .filter(functions.col("projection").equalTo(projection.name()))
        .filter(range.hold());
  }

  private static Dataset<Row> without(Dataset<Row> events, Dataset<Row> positions) {
    return events.join(positions, new String[] {POSITION}, "left_anti");
  }

  private static long greatest(Dataset<Row> rows, long otherwise) {
    var found = rows.agg(functions.max(POSITION)).head();
    return found.isNullAt(0) ? otherwise : found.getLong(0);
  }

  /** Runs a MERGE in the session of its source, where no other has a view of this name. */
  private long merge(
      Dataset<Row> source, SqlTemplate template, Phase phase, Map<String, ?> values) {
    source.createOrReplaceTempView(SOURCE);
    // A column selected before the head would be a job of its own.
    var merged = source.sparkSession().sql(template.fill(values)).head();
    progress.passed(phase);
    return merged.getAs("num_affected_rows");
  }
}
