package io.github.kurrentlake.loans;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.silver.Field;
import io.github.kurrentlake.silver.PayloadParser;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.TableSession;
import io.github.kurrentlake.testing.SharedSpark;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a payload is, its event lands in Silver with all it holds, or is refused with a reason;
 * an independent JSON parser tells which.
 */
class HostilePayloadsTest {
  private static final int PER_PROJECTION = 4_200;

  /** As many see each combination of ANSI mode and compilation; all see two. */
  private static final int CROSSED = 600;

  private static final long SEED = 20250129;

  private static final StructType EVENTS =
      StructType.fromDDL("log_position BIGINT, stream STRING, schema_name STRING, data STRING");

  /** Reads what Spark reads, and nothing behind it. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Map<String, String> INTERPRETED =
      Map.of("spark.sql.codegen.factoryMode", "NO_CODEGEN");
  private static final Map<String, String> COMPILED =
      Map.of(
          "spark.sql.codegen.wholeStage", "true",
          "spark.sql.codegen.factoryMode", "CODEGEN_ONLY");

  private static final List<LogRecord> SAMPLE = sample();

  static List<Projection> projections() {
    return LoanLifecycle.PROJECTIONS;
  }

  @ParameterizedTest
  @MethodSource("projections")
  void everyEventIsARowWithAllItHoldsOrHasAReason(Projection projection) {
    var events = events(projection);
    var rows = parse(projection, events, withoutAnsi(INTERPRETED));

    assertThat(rows).hasSameSizeAs(events).hasSize(PER_PROJECTION);
    var refused = 0;
    for (var i = 0; i < events.size(); i++) {
      var row = rows.get(i);
      assertThat(row.<Long>getAs("log_position")).isEqualTo(i);
      var errors = row.<Row>getList(row.fieldIndex("errors"));
      refused += errors.isEmpty() ? 0 : 1;
      assertThat(verdict(projection, events.get(i).getString(3), row, errors))
          .as("%s", events.get(i))
          .isEmpty();
    }
    // Neither all nor nothing, or the payloads test nothing.
    assertThat(refused).isBetween(PER_PROJECTION / 5, PER_PROJECTION * 4 / 5);

    assertThat(parse(projection, events, withAnsi(COMPILED))).isEqualTo(rows);
    var fewer = events.subList(0, CROSSED);
    assertThat(parse(projection, fewer, withAnsi(INTERPRETED))).isEqualTo(rows.subList(0, CROSSED));
    assertThat(parse(projection, fewer, withoutAnsi(COMPILED))).isEqualTo(rows.subList(0, CROSSED));
    assertThat(plainRows(projection, events)).isEqualTo(withNothingToReport(rows));
  }

  /** The rows of the events that take the short way. */
  private static List<Row> plainRows(Projection projection, List<Row> events) {
    var spark = session(withAnsi(COMPILED));
    var columns =
        projection.table().columns().stream()
            .map(column -> functions.col(column.name()))
            .toArray(Column[]::new);
    return new PayloadParser(projection, ZoneOffset.UTC)
        .parsePlain(spark.createDataFrame(events, EVENTS))
        .filter(functions.col(PayloadParser.PLAIN))
        .orderBy("log_position")
        .select(columns)
        .collectAsList();
  }

  private static List<Row> withNothingToReport(List<Row> parsed) {
    return parsed.stream()
        .filter(row -> row.getList(row.fieldIndex("errors")).isEmpty())
        .map(row -> row.getStruct(0))
        .filter(row -> row.isNullAt(row.fieldIndex("warnings")))
        .toList();
  }

  /** What is wrong about this outcome; empty when nothing is. */
  private static String verdict(Projection projection, String data, Row row, List<Row> errors) {
    var rules = errors.stream().map(error -> error.getString(1)).collect(toSet());
    var payload = payload(data);
    if (!(payload instanceof ObjectNode object)) {
      return rules.size() == 1 && errors.get(0).isNullAt(0) ? "" : "no reason for the whole event";
    }
    var wrongShape = projection.fields().stream().anyMatch(field -> isWrongShape(field, object));
    if (wrongShape || object.isEmpty()) {
      return rules.equals(Set.of(wrongShape ? "wrong shape" : "empty payload")) ? "" : "shape";
    }
    var refused = errors.stream().map(error -> error.getString(0)).collect(toSet());
    var warned = warned(row.getStruct(0));
    return projection.fields().stream()
        .filter(field -> !accountsFor(field, object, row, refused, warned))
        .map(field -> field.column().name())
        .collect(joining(", "));
  }

  /** A value that is there is in its column, or somebody says why not. */
  private static boolean accountsFor(
      Field field, ObjectNode payload, Row row, Set<String> refused, Set<String> warned) {
    var column = field.column().name();
    var held = field.paths().stream().anyMatch(path -> holds(payload, path));
    var isNull = row.getStruct(0).isNullAt(row.getStruct(0).fieldIndex(column));
    var said = refused.contains(column) || warned.contains(column);
    var mayBeMissing =
        field.ifMissing() == Field.Outcome.NULL || field.fallback() == Field.Fallback.STREAM_NAME;
    return (held || !mayBeMissing) ? isNull == said : !said;
  }

  private static boolean holds(JsonNode payload, List<String> path) {
    var node = payload;
    for (var key : path) {
      node = node.path(key);
    }
    return !node.isMissingNode() && !node.isNull();
  }

  private static boolean isWrongShape(Field field, ObjectNode payload) {
    return field.paths().stream()
        .filter(path -> path.size() > 1)
        .map(path -> payload.path(path.get(0)))
        .anyMatch(node -> !node.isMissingNode() && !node.isNull() && !node.isObject());
  }

  /** Null when it is no JSON. */
  private static JsonNode payload(String data) {
    try {
      return data == null ? null : JSON.readTree(data);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static Set<String> warned(Row row) {
    var warnings = row.fieldIndex("warnings");
    return row.isNullAt(warnings)
        ? Set.of()
        : row.<Row>getList(warnings).stream().map(one -> one.getString(0)).collect(toSet());
  }

  private static List<Row> parse(
      Projection projection, List<Row> events, Map<String, String> settings) {
    return new PayloadParser(projection, ZoneOffset.UTC)
        .parse(session(settings).createDataFrame(events, EVENTS))
        .orderBy("log_position")
        .collectAsList();
  }

  private static Map<String, String> withAnsi(Map<String, String> settings) {
    return ansi(settings, "true");
  }

  private static Map<String, String> withoutAnsi(Map<String, String> settings) {
    return ansi(settings, "false");
  }

  private static Map<String, String> ansi(Map<String, String> settings, String enabled) {
    var all = new HashMap<>(settings);
    all.put("spark.sql.ansi.enabled", enabled);
    return all;
  }

  private static SparkSession session(Map<String, String> settings) {
    var spark = TableSession.of(SharedSpark.session());
    settings.forEach((name, value) -> spark.conf().set(name, value));
    return spark;
  }

  /** Events of the sample's producers, most of them mutated. */
  private static List<Row> events(Projection projection) {
    var originals =
        SAMPLE.stream()
            .filter(record -> projection.eventTypes().contains(record.schemaName()))
            .toList();
    var mutations = new Mutations(SEED);
    var events = new ArrayList<Row>();
    for (var i = 0; i < PER_PROJECTION; i++) {
      var original = originals.get(i % originals.size());
      events.add(
          RowFactory.create(
              (long) i,
              original.stream(),
              original.schemaName(),
              mutations.mutate(original.data(), projection)));
    }
    return events;
  }

  private static List<LogRecord> sample() {
    var records = new ArrayList<LogRecord>();
    SampleLoans.seed(SEED).records(2_000).forEachRemaining(records::add);
    return records;
  }
}
