package io.github.kurrentlake.lakebase.ingest;

import static io.github.kurrentlake.lakebase.source.ChangeColumn.SEQUENCE;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The Bronze table of a Postgres table. One row is one version of a row, or its deletion, as the
 * source saw it; the key is that of the Postgres table with {@code _sequence}.
 *
 * <p>The table itself says, in its properties, which stream fills it, and with each commit of that
 * stream how far it has come. A Bronze table that is made again therefore begins a new stream, a
 * full resync is one commit that names another stream, and what becomes of Spark's checkpoint does
 * not matter: see {@link PlannedBatches}.
 */
final class BronzeCopy {
  /** The table in Postgres. */
  private static final String SOURCE = "kurrentlake.lakebase.table";

  /** The stream that fills the table: the name of its checkpoint. */
  private static final String STREAM = "kurrentlake.lakebase.stream";

  /** What that stream adds to {@code _sequence}, so that it stands behind every earlier one. */
  private static final String ABOVE = "kurrentlake.lakebase.sequenceAbove";

  /** Whether keys are still to be deleted that an earlier stream wrote and that are gone. */
  private static final String UNCHECKED = "kurrentlake.lakebase.unchecked";

  private final SparkSession spark;
  private final IngestOptions options;
  private final List<String> key;
  private final Table table;
  private Map<String, String> properties = Map.of();

  /**
   * How far the table was filled from Postgres.
   *
   * @param batch the number of batches so far
   * @param position the source's offset behind which the next begins; empty before the first
   */
  record Reached(long batch, String position) {
    static Reached parse(String note) {
      var parts = note.split(" ", 2);
      return new Reached(Long.parseLong(parts[0]), parts[1]);
    }

    Reached next(String end) {
      return new Reached(batch + 1, end);
    }
  }

  private BronzeCopy(SparkSession spark, IngestOptions options, List<String> key, Table table) {
    this.spark = spark;
    this.options = options;
    this.key = key;
    this.table = table;
  }

  /**
   * Makes the table, or gives it the columns that Postgres has and it has not.
   *
   * @throws KurrentlakeException KL-304 for a column whose type was changed in Postgres, KL-629 for
   *     a table that is not a copy of this one
   */
  static BronzeCopy ensure(
      SparkSession spark, IngestOptions options, List<String> key, StructType schema) {
    var declaration =
        TableDeclaration.table(
                "bronze",
                options.bronze(),
                "One row per version of a row of Postgres' " + options.table())
            .columns(Arrays.stream(schema.fields()).map(BronzeCopy::column).toList())
            .changeFeed()
            // So that a column of that type can be added later.
            .property("delta.feature.timestampNtz", "supported")
            .property(SOURCE, options.table().toString())
            .property(STREAM, UUID.randomUUID().toString())
            .property(ABOVE, "0");
    var copy = new BronzeCopy(spark, options, key, options.lakehouse().table(declaration));
    copy.find().ifPresent(copy::requireOurs);
    options.lakehouse().ensure(spark, declaration);
    copy.properties = copy.table.properties(spark);
    return copy;
  }

  private static Column column(StructField field) {
    var comment = field.getComment();
    var text = comment.isDefined() ? comment.get() : "Of the source";
    return field.nullable()
        ? Column.optional(field.name(), field.dataType().sql(), text)
        : Column.required(field.name(), field.dataType().sql(), text);
  }

  private void requireOurs(Map<String, String> properties) {
    if (!options.table().toString().equals(properties.get(SOURCE))) {
      throw ErrorCode.BRONZE_OF_ANOTHER_TABLE
          .error()
          .with("bronze", table.sqlName())
          .with("is of", properties.getOrDefault(SOURCE, "no Postgres table"))
          .with("asked for", options.table());
    }
  }

  Table table() {
    return table;
  }

  List<String> key() {
    return key;
  }

  /**
   * How far the table was filled, as its own commits say it.
   *
   * @throws KurrentlakeException KL-633 when they do not
   */
  Reached reached() {
    var notes = Commit.notes(spark, table, prefix());
    return notes.stream()
        .filter(note -> !note.isEmpty())
        .map(note -> Reached.parse(note.substring(prefix().length())))
        // Of two runs at once, the slower may note last.
        .max(Comparator.comparingLong(Reached::batch))
        .or(() -> Optional.of(new Reached(0, "")).filter(start -> notes.isEmpty() && hasNoRow()))
        .orElseThrow(
            () -> ErrorCode.BRONZE_POSITION_UNKNOWN.error().with("bronze", table.sqlName()));
  }

  private boolean hasNoRow() {
    return table
        .read(spark)
        .filter(functions.col(SEQUENCE.column()).geq(sequenceAbove()))
        .isEmpty();
  }

  private String prefix() {
    return Commit.OURS + " lakebase " + properties.get(STREAM) + " ";
  }

  /** All further commits of the run's session say how far the table is filled. */
  void note(Reached reached) {
    spark.conf().set(Commit.USER_METADATA, text(reached));
  }

  private String text(Reached reached) {
    return prefix() + reached.batch() + " " + reached.position();
  }

  /** Notes it once more where others have committed since, lest log clean-up removes the note. */
  void keep(Reached reached) {
    note(reached);
    if (reached.batch() > 0 && !table.lastCommit(spark).metadata().startsWith(prefix())) {
      set(Map.of(STREAM, properties.get(STREAM)));
    }
  }

  /**
   * Writes a batch in one commit that says how far it reaches.
   *
   * @throws KurrentlakeException KL-310 when another run has written in between; nothing is written
   *     then
   */
  void write(Dataset<Row> rows, Reached reached) {
    Conflicts.retried(() -> table.appendOnce(rows, prefix(), reached.batch(), text(reached)));
    var now = reached();
    if (!now.equals(reached)) {
      throw ErrorCode.TABLE_CONTENDED.error().with("written", reached).with("found", now);
    }
  }

  /** The directory of the stream's checkpoint. */
  String checkpoint() {
    return options
        .lakehouse()
        .checkpoint("lakebase_" + options.bronze() + "_" + properties.get(STREAM));
  }

  long sequenceAbove() {
    return Long.parseLong(properties.get(ABOVE));
  }

  boolean isUnchecked() {
    return Boolean.parseBoolean(properties.get(UNCHECKED));
  }

  /** Notes that all deletions are written. */
  void checked() {
    set(Map.of(UNCHECKED, "false"));
  }

  /** Begins another stream, all of whose rows stand behind those that are there. */
  void beginAgain() {
    var last = table.read(spark).agg(functions.max(SEQUENCE.column())).head();
    var above = last.isNullAt(0) ? 0 : last.getLong(0) + 1;
    var changed =
        Map.of(
            STREAM, UUID.randomUUID().toString(), ABOVE, Long.toString(above), UNCHECKED, "true");
    properties = changed;
    note(new Reached(0, ""));
    set(changed);
  }

  private void set(Map<String, String> changed) {
    table.setProperties(spark, changed);
    properties = table.properties(spark);
  }

  private Optional<Map<String, String>> find() {
    try {
      table.existing(spark);
      return Optional.of(table.properties(spark));
    } catch (KurrentlakeException e) {
      if (e.code() == ErrorCode.TABLE_MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
