package io.github.kurrentlake.quarantine;

import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that one declaration refuses and another takes, or that a person decides about. */
class QuarantineTest {
  private static final Projection STRICT =
      Projection.of("measured", "One row per Measured event", "Measured")
          .fields(integer("degrees", "Degrees", "Temperature"));
  private static final Projection LENIENT =
      STRICT.fields(integer("degrees", "Degrees", "Temperature").nullIfBad());
  private static final Projection STRICTER =
      STRICT.fields(
          integer("degrees", "Degrees", "Temperature"), text("unit", "Unit", "Unit").required());

  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private static Path shared;
  private static JobReport refusal;
  @TempDir private Path directory;
  private Lakehouse lakehouse;

  /** Two sensors; of one all that is known is an event that cannot be read. */
  @BeforeAll
  static void twoEventsAreRefused() {
    var first = Lakehouse.at(shared.resolve("lakehouse"));
    new BronzeRows()
        .event(100, "sensor-1", "Measured", "{\"Degrees\":20}")
        .event(200, "sensor-1", "Measured", "{\"Degrees\":\"hot\"}")
        .event(300, "sensor-2", "Measured", "{\"Degrees\":\"cold\"}")
        .event(400, "sensor-1", "Replaced", "{}")
        .event(500, "sensor-3", "Replaced", "{}")
        .append(SPARK, first);
    refusal = Silver.project(SPARK, first, STRICT, Progress.unwatched());
  }

  @BeforeEach
  void inACopy() {
    lakehouse =
        Lakehouse.at(Trees.copy(shared.resolve("lakehouse"), directory.resolve("lakehouse")));
  }

  @Test
  void aChangedDeclarationTakesItsEventsOutOfQuarantineAndGoldFollows() {
    assertThat(refusal).isEqualTo(new JobReport(3, 1, 2));
    assertThat(gold(STRICT).rowsOut()).isEqualTo(3);
    assertThat(goldRows())
        .containsExactlyInAnyOrder(
            tuple("sensor-1", 20, 400L, 1L),
            tuple("sensor-2", null, 300L, 1L),
            tuple("sensor-3", null, 500L, 0L));

    assertOfAChangedDeclaration(project(LENIENT), new JobReport(0, 2, 0));
    assertThat(quarantine("log_position", "state"))
        .containsExactlyInAnyOrder(tuple(200L, "resolved"), tuple(300L, "resolved"));
    assertThat(silver()).containsExactlyInAnyOrder(100L, 200L, 300L);
    gold(LENIENT);
    assertThat(goldRows())
        .containsExactlyInAnyOrder(
            tuple("sensor-1", null, 400L, 0L),
            tuple("sensor-2", null, 300L, 0L),
            tuple("sensor-3", null, 500L, 0L));

    assertOfAChangedDeclaration(project(LENIENT), JobReport.nothingNew());
    assertThat(gold(LENIENT)).isEqualTo(JobReport.nothingNew());
  }

  /** The event that the former declaration took stands in Silver as that one read it. */
  private static void assertOfAChangedDeclaration(JobReport report, JobReport moved) {
    assertThat(report).isEqualTo(moved.noting(report.notes()));
    assertThat(report.notes())
        .singleElement()
        .asString()
        .contains("silver.measured holds rows of the former one");
  }

  @Test
  void aRedriveThatIsKilledBetweenTheTablesIsFinishedByTheNextRun() {
    var table = lakehouse.table(QuarantineTable.DECLARATION).sqlName();
    // Delta refuses the second of the two commits, as a crash before it would.
    SPARK.sql("ALTER TABLE " + table + " ADD CONSTRAINT refuse CHECK (state <> 'resolved')");

    assertThatThrownBy(() -> project(LENIENT)).hasStackTraceContaining("CHECK constraint");
    assertThat(silver()).containsExactlyInAnyOrder(100L, 200L, 300L);
    assertThat(quarantine("state")).containsOnly(tuple("open"));

    SPARK.sql("ALTER TABLE " + table + " DROP CONSTRAINT refuse");
    assertOfAChangedDeclaration(project(LENIENT), JobReport.nothingNew());
    assertThat(silver()).containsExactlyInAnyOrder(100L, 200L, 300L);
    assertThat(quarantine("state")).hasSize(2).containsOnly(tuple("resolved"));
  }

  @Test
  void whatFailsAgainStaysOpenWithTheErrorsOfTheLastAttempt() {
    project(STRICTER);

    assertThat(quarantine("state", "errors.column", "fingerprint", "last_attempt > first_attempt"))
        .hasSize(2)
        .allSatisfy(
            row ->
                assertThat(row.toString())
                    .contains(
                        "open", "degrees, unit", STRICTER.fingerprint(ZoneOffset.UTC), "true"));
    assertThat(silver()).containsExactly(100L);
  }

  @Test
  void aPersonSeesWhatIsThereAndDecides() {
    var quarantine = Quarantine.of(SPARK, lakehouse, List.of(LENIENT));

    assertThat(tuples(quarantine.list()))
        .containsExactly(tuple("open", "measured", "bad value", "degrees", 2L, 200L, "hot"));
    assertThat(tuples(quarantine.unclaimed()))
        .containsExactly(tuple("sensor", "Replaced", 2L, 400L));
    assertThat(quarantine.show(300)).singleElement().asString().contains("{\"Degrees\":\"cold\"}");

    assertThat(quarantine.dismiss(200, "it's a test")).isEqualTo(1);
    assertThat(quarantine.redrive(UTC)).containsEntry("measured", new JobReport(1, 1));
    assertThat(quarantine("log_position", "state", "reason"))
        .containsExactlyInAnyOrder(
            tuple(200L, "dismissed", "it's a test"), tuple(300L, "resolved", null));
    assertThat(silver()).containsExactlyInAnyOrder(100L, 300L);
    assertThat(quarantine.redrive("measured", UTC)).isEqualTo(JobReport.nothingNew());
    gold(STRICT);
    assertThat(goldRows()).contains(tuple("sensor-1", 20, 400L, 0L));

    assertThatThrownBy(() -> quarantine.show(100)).satisfies(code(ErrorCode.NOT_IN_QUARANTINE));
    assertThatThrownBy(() -> quarantine.dismiss(200, "again"))
        .satisfies(code(ErrorCode.NOT_IN_QUARANTINE));
    assertThatThrownBy(() -> quarantine.redrive("unheard", UTC))
        .satisfies(code(ErrorCode.UNKNOWN_PROJECTION));
  }

  @Test
  void allEventsOfOneReasonAreDismissedAtOnce() {
    var quarantine = Quarantine.of(SPARK, lakehouse, List.of(STRICT));

    assertThat(quarantine.dismissAll("measured", "not JSON", "none")).isZero();
    assertThat(quarantine.dismissAll("measured", "bad value", "all")).isEqualTo(2);
    assertThat(quarantine("state", "reason")).hasSize(2).containsOnly(tuple("dismissed", "all"));
  }

  @Test
  void aTaskFailsAboveItsShareAfterAllIsStored() {
    new BronzeRows()
        .event(510, "sensor-1", "Measured", "{\"Degrees\":20}")
        .event(520, "sensor-1", "Measured", "{\"Degrees\":\"warm\"}")
        .event(530, "sensor-1", "Measured", "{\"Degrees\":\"mild\"}")
        .append(SPARK, lakehouse);
    assertThatThrownBy(() -> project(STRICT.failAbove(0.5)))
        .satisfies(code(ErrorCode.TOO_MANY_QUARANTINED))
        .hasMessageContaining("quarantined: 2");
    assertThat(silver()).containsExactlyInAnyOrder(100L, 510L);
    assertThat(quarantine("state")).hasSize(4);

    assertThat(project(STRICT.failAbove(0.5))).isEqualTo(JobReport.nothingNew());
    new BronzeRows()
        .event(600, "sensor-1", "Measured", "{\"Degrees\":21}")
        .event(700, "sensor-1", "Measured", "{\"Degrees\":\"warm\"}")
        .append(SPARK, lakehouse);
    assertThat(project(STRICT.failAbove(0.5))).isEqualTo(new JobReport(2, 1, 1));
  }

  private static java.util.function.Consumer<Throwable> code(ErrorCode code) {
    return thrown ->
        assertThat(thrown)
            .isInstanceOfSatisfying(
                KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private JobReport project(Projection projection) {
    return Silver.project(SPARK, lakehouse, projection, Progress.unwatched());
  }

  private JobReport gold(Projection projection) {
    return Gold.refresh(SPARK, lakehouse, lifecycle(projection), Progress.unwatched());
  }

  private static Lifecycle lifecycle(Projection projection) {
    var table =
        TableDeclaration.table("gold", "sensors", "One row per sensor")
            .columns(
                List.of(
                    Column.required("stream", "STRING", "Stream"),
                    Column.optional("degrees", "INT", "Last temperature"),
                    Column.required("log_position", "BIGINT", "Last event"),
                    Column.required("open_quarantine", "BIGINT", "Events not read")))
            .reliableKey("stream");
    return new Lifecycle(
        "sensor",
        table,
        List.of(projection),
        SqlTemplate.beside(QuarantineTest.class, "sensors.sql"));
  }

  private Collection<Tuple> goldRows() {
    return tuples(lakehouse.table(lifecycle(STRICT).table()).read(SPARK));
  }

  private List<Long> silver() {
    return lakehouse
        .table(STRICT.table())
        .read(SPARK)
        .select("log_position")
        .collectAsList()
        .stream()
        .map(row -> row.getLong(0))
        .toList();
  }

  private Collection<Tuple> quarantine(String... columns) {
    return tuples(lakehouse.table(QuarantineTable.DECLARATION).read(SPARK).selectExpr(columns));
  }

  private static Collection<Tuple> tuples(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .map(row -> scala.jdk.javaapi.CollectionConverters.asJava(row.toSeq()).toArray())
        .map(Tuple::tuple)
        .toList();
  }
}
