package io.github.kurrentlake.lakebase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Throwables;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.schema.PgColumn;
import io.github.kurrentlake.lakebase.schema.PgTable;
import io.github.kurrentlake.lakebase.schema.PgType;
import io.github.kurrentlake.testing.Postgres;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LakebaseClientTest {
  private static final String CANARY = "canary-7f3a";

  private static LakebaseClient lakebase;

  enum Grade {
    LOW,
    HIGH
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Target(
      String region,
      UUID id,
      Integer unitsSold,
      long version,
      BigDecimal target,
      Boolean open,
      Instant updatedAt,
      LocalDate dueDay,
      byte[] seal,
      String notes,
      Grade grade) {

    static Target of(String region, long version) {
      return new Target(
          region,
          UUID.fromString("5f1f3c1e-0000-4000-8000-000000000001"),
          null,
          version,
          new BigDecimal("12.50"),
          true,
          Instant.parse("2026-01-02T03:04:05.123456Z"),
          LocalDate.of(2026, 1, 2),
          new byte[] {0, 1, -1},
          "{\"a\": 1}",
          Grade.HIGH);
    }
  }

  record Narrow(String region, int unitsSold) {}

  @BeforeAll
  static void connect() {
    lakebase = LakebaseClient.to(Postgres.database(LakebaseClientTest.class));
    lakebase.migrate(
        PgTable.named("app.targets")
            .columns(
                PgColumn.required("region", PgType.TEXT),
                PgColumn.required("id", PgType.UUID),
                PgColumn.optional("units_sold", PgType.INTEGER),
                PgColumn.required("version", PgType.BIGINT),
                PgColumn.optional("target", PgType.numeric(12, 2)),
                PgColumn.optional("open", PgType.BOOLEAN),
                PgColumn.required("updated_at", PgType.TIMESTAMPTZ),
                PgColumn.optional("due_day", PgType.DATE),
                PgColumn.optional("seal", PgType.BYTEA),
                PgColumn.optional("notes", PgType.JSONB),
                PgColumn.optional("grade", PgType.TEXT))
            .primaryKey("region"));
    lakebase.execute(
        "CREATE TABLE app.child (id int PRIMARY KEY, region text CONSTRAINT child_region REFERENCES"
            + " app.targets, code text NOT NULL UNIQUE, n int CONSTRAINT n_positive CHECK (n > 0))");
  }

  @AfterAll
  static void close() {
    lakebase.close();
  }

  @BeforeEach
  void empty() {
    lakebase.execute("TRUNCATE app.targets, app.child");
  }

  private static LakebaseTable<Target> targets() {
    return lakebase.table("app.targets", Target.class, "region");
  }

  @Test
  void whatIsInsertedIsFoundUpdatedAndDeleted() {
    var north = Target.of("north", 1);
    targets().insert(north);

    assertThat(targets().find("north")).hasValueSatisfying(found -> assertSame(north, found));
    assertThat(targets().find("south")).isEmpty();

    assertThat(targets().update(Target.of("north", 2))).isTrue();
    assertThat(targets().update(Target.of("south", 2))).isFalse();
    assertThat(targets().find("north"))
        .hasValueSatisfying(t -> assertThat(t.version()).isEqualTo(2));

    assertThat(targets().delete("north")).isTrue();
    assertThat(targets().delete("north")).isFalse();
    assertThat(targets().all()).isEmpty();
  }

  @Test
  void anUpsertWritesOnlyWhatDiffers() {
    targets().upsert(List.of(Target.of("north", 1), Target.of("south", 1), Target.of("south", 2)));
    var before = xmin();

    targets().upsert(List.of(Target.of("north", 1), Target.of("south", 3)));

    assertThat(targets().find("south"))
        .hasValueSatisfying(t -> assertThat(t.version()).isEqualTo(3));
    assertThat(xmin()).isEqualTo(before);
  }

  private static Object xmin() {
    return lakebase
        .query("SELECT xmin::text AS x FROM app.targets WHERE region = 'north'")
        .get(0)
        .get("x");
  }

  @Test
  void aQueryHasParametersAndGivesRecordsOrMaps() {
    targets()
        .insert(List.of(Target.of("north", 1), Target.of("south", 2), Target.of("o'r\"; --", 3)));

    assertThat(
            lakebase.query(
                Target.class, "SELECT * FROM app.targets WHERE version > ? ORDER BY version", 1))
        .extracting(Target::region)
        .containsExactly("south", "o'r\"; --");
    assertThat(
            lakebase.query("SELECT region, units_sold FROM app.targets WHERE region = ?", "north"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row).containsEntry("region", "north").containsEntry("units_sold", null));
  }

  @Test
  void rowsMayBeMapsToo() {
    var child = lakebase.table("app.child", "id");
    child.insert(Map.of("id", 1, "code", "a"));
    child.upsert(Map.of("id", 1, "code", "b"));

    assertThat(child.find(1)).hasValueSatisfying(row -> assertThat(row).containsEntry("code", "b"));
  }

  @Test
  void aTransactionIsDoneAsAWholeOrNotAtAll() {
    lakebase.transaction(
        transaction -> {
          var table = transaction.table("app.targets", Target.class, "region");
          table.insert(Target.of("north", 1));
          assertThat(table.find("north")).isPresent();
          assertThat(targets().find("north")).isEmpty();
        });
    assertThat(targets().find("north")).isPresent();

    assertThatThrownBy(
            () ->
                lakebase.transaction(
                    transaction -> {
                      transaction.execute("DELETE FROM app.targets");
                      throw new IllegalStateException("changed my mind");
                    }))
        .hasMessage("changed my mind");
    assertThatThrownBy(() -> targets().insert(List.of(Target.of("east", 1), Target.of("north", 1))))
        .hasMessageContaining("KL-613");
    assertThat(targets().all()).extracting(Target::region).containsExactly("north");
  }

  @Test
  void aCommitSaysWhatItRefusesAndWhenItsOutcomeIsUnknown() {
    lakebase.execute(
        "ALTER TABLE app.child ALTER CONSTRAINT child_region DEFERRABLE INITIALLY DEFERRED");
    var orphan = Map.<String, Object>of("id", 1, "code", "a", "region", "nowhere");
    assertThatThrownBy(() -> lakebase.table("app.child", "id").insert(orphan))
        .hasMessageContaining("KL-614")
        .hasMessageContaining("child_region");

    assertThatThrownBy(
            () ->
                lakebase.transaction(
                    transaction -> {
                      transaction.execute("DELETE FROM app.targets");
                      var pid = transaction.query("SELECT pg_backend_pid() AS pid").get(0);
                      lakebase.query("SELECT pg_terminate_backend(?, 10000)", pid.get("pid"));
                    }))
        .hasMessageContaining("KL-617");
    // The broken connection is not lent again.
    assertThat(lakebase.query("SELECT 1 AS one")).hasSize(1);
  }

  @Test
  void aViolatedConstraintIsNamedAndNoValueIsShown() {
    targets().insert(Target.of(CANARY, 1));
    var child = lakebase.table("app.child", "id");
    child.insert(Map.of("id", 1, "code", CANARY, "region", CANARY));

    refused("KL-613", "targets_pkey", () -> targets().insert(Target.of(CANARY, 1)));
    refused("KL-613", "child_code_key", () -> child.insert(Map.of("id", 2, "code", CANARY)));
    refused(
        "KL-614",
        "child_region",
        () -> child.insert(Map.of("id", 3, "code", "c", "region", CANARY + "2")));
    refused("KL-614", "child_region", () -> targets().delete(CANARY));
    refused("KL-615", "column: code", () -> child.insert(Map.of("id", 4, "region", CANARY)));
    refused(
        "KL-616", "n_positive", () -> child.insert(Map.of("id", 5, "code", CANARY + "5", "n", 0)));
    refused("KL-609", "22P02", () -> child.insert(Map.of("id", CANARY, "code", "d")));
    refused(
        "KL-609",
        "22P02",
        () ->
            child.insert(List.of(Map.of("id", 6, "code", "e"), Map.of("id", CANARY, "code", "f"))));
  }

  private static void refused(String code, String named, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(KurrentlakeException.class)
        .hasMessageContaining(code)
        .hasMessageContaining(named)
        .satisfies(e -> assertThat(Throwables.getStackTraceAsString(e)).doesNotContain(CANARY));
  }

  @Test
  void aRowThatDoesNotFitItsRecordIsAnError() {
    targets().insert(Target.of("north", 1));

    assertThatThrownBy(() -> lakebase.table("app.targets", Narrow.class, "region").all())
        .hasMessageContaining("KL-618")
        .hasMessageContaining("units_sold");
    assertThatThrownBy(() -> lakebase.query(Narrow.class, "SELECT region FROM app.targets"))
        .hasMessageContaining("KL-618")
        .hasMessageContaining("there is no such column");
    assertThatThrownBy(() -> lakebase.query("SELECT * FROM app.no_such"))
        .hasMessageContaining("KL-609")
        .hasMessageContaining("42P01");
  }

  @Test
  void aHostileColumnIsOnlyAName() {
    var name = "c\"; DROP TABLE app.targets; --?";
    lakebase.migrate(
        PgTable.named("app.hostile")
            .columns(PgColumn.required(name, PgType.TEXT), PgColumn.optional("n", PgType.INTEGER))
            .primaryKey(name));
    var table = lakebase.table("app.hostile", name);

    table.upsert(Map.of(name, "a", "n", 1));
    table.update(Map.of(name, "a", "n", 2));

    assertThat(table.find("a")).hasValueSatisfying(row -> assertThat(row).containsEntry("n", 2));
    assertThat(table.delete("a")).isTrue();
    assertThat(targets().all()).isEmpty();
  }

  private static void assertSame(Target expected, Target found) {
    assertThat(found).usingRecursiveComparison().isEqualTo(expected);
  }

  /** Python cannot call methods with variable arguments. */
  @Test
  void whatTakesVariableArgumentsTakesAListToo() throws NoSuchMethodException {
    for (var type : List.of(LakebaseClient.class, LakebaseTable.class)) {
      for (var method : type.getMethods()) {
        var parameters = method.getParameterTypes();
        // Records are for Java.
        if (method.isVarArgs() && !Arrays.asList(parameters).contains(Class.class)) {
          parameters[parameters.length - 1] = List.class;
          assertThat(type.getMethod(method.getName(), parameters).getReturnType())
              .isEqualTo(method.getReturnType());
        }
      }
    }
    assertThat(lakebase.query("SELECT 1 AS n"))
        .isEqualTo(lakebase.query("SELECT ? AS n", List.of(1)));
  }
}
