package io.github.kurrentlake.lakebase.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.testing.Postgres;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationTest {
  private static final ConnectionInfoProvider DATABASE = Postgres.database(MigrationTest.class);

  private final Connections connections = Connections.to(DATABASE);
  private Connection connection;

  @BeforeEach
  void open() {
    connection = connections.open("test");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void everythingThatIsDeclaredIsMadeOnceAndThenNothing() throws SQLException {
    var table =
        PgTable.named("first.targets")
            .comment("One row per region")
            .columns(
                PgColumn.identity("id").comment("It's \\ counted"),
                PgColumn.required("region", PgType.varchar(20)),
                PgColumn.optional("target", PgType.numeric(12, 2))
                    .otherwise(new PgDefault.Numeral(new BigDecimal("10.50"))),
                PgColumn.required("open", PgType.BOOLEAN).otherwise(new PgDefault.Truth(true)),
                PgColumn.optional("notes", PgType.JSONB)
                    .otherwise(new PgDefault.Text("{\"a\": \"\\\\\"}")),
                PgColumn.required("at", PgType.TIMESTAMPTZ).otherwise(PgDefault.Expression.NOW))
            .primaryKey("id")
            .indexes(
                PgIndex.on("targets_region", "region").unique(),
                PgIndex.on("targets_notes", "notes").using(PgIndex.Method.GIN));
    var migration = Migration.of(connections, List.of(table));

    var planned = migration.plan();
    assertThat(planned)
        .extracting(Change::kind)
        .containsExactly(
            Change.Kind.CREATE_SCHEMA,
            Change.Kind.CREATE_TABLE,
            Change.Kind.COMMENT,
            Change.Kind.COMMENT,
            Change.Kind.CREATE_INDEX,
            Change.Kind.CREATE_INDEX);
    assertThat(text("SELECT count(*) FROM pg_namespace WHERE nspname = 'first'")).isEqualTo("0");

    assertThat(migration.apply()).isEqualTo(planned);
    assertThat(migration.plan()).isEmpty();
    assertThat(migration.apply()).isEmpty();

    run("INSERT INTO first.targets (region) VALUES ('north')");
    assertThat(text("SELECT (id, target, open, notes ->> 'a')::text FROM first.targets"))
        .isEqualTo("(1,10.50,t,\"\\\\\")");
    assertThat(text("SELECT col_description('first.targets'::regclass, 1)"))
        .isEqualTo("It's \\ counted");
    assertThat(text("SELECT obj_description('first.targets'::regclass)"))
        .isEqualTo("One row per region");
    assertThatThrownBy(() -> run("INSERT INTO first.targets (region) VALUES ('north')"))
        .hasMessageContaining("targets_region");
  }

  @Test
  void aNewColumnIsAddedToATableWithRowsAndAnotherTypeIsAnError() throws SQLException {
    var table = PgTable.named("grown.t").columns(PgColumn.required("id", PgType.BIGINT));
    var more =
        PgColumn.required("n", PgType.INTEGER).otherwise(new PgDefault.Numeral(BigDecimal.ONE));
    Migration.of(connections, List.of(table)).apply();
    run("INSERT INTO grown.t VALUES (7)");
    run("ALTER TABLE grown.t ADD COLUMN theirs text");

    var grown = table.columns(PgColumn.required("id", PgType.BIGINT), more);
    assertThat(Migration.of(connections, List.of(grown)).apply())
        .extracting(Change::kind)
        .containsExactly(Change.Kind.ADD_COLUMN);
    assertThat(text("SELECT t::text FROM grown.t t")).isEqualTo("(7,,1)");

    var other = table.columns(PgColumn.required("id", PgType.TEXT));
    assertThatThrownBy(() -> Migration.of(connections, List.of(other)).plan())
        .hasMessageContaining("KL-612")
        .hasMessageContaining("bigint")
        .hasMessageContaining("text");
    var keyed = table.primaryKey("id");
    assertThatThrownBy(() -> Migration.of(connections, List.of(keyed)).apply())
        .hasMessageContaining("KL-612")
        .hasMessageContaining("PRIMARY KEY [id]");
  }

  @Test
  void aBrokenIndexIsMadeAnewAndAnotherOneOfItsNameIsAnError() throws SQLException {
    var plain = PgTable.named("broken.t").columns(PgColumn.required("id", PgType.BIGINT));
    var table = plain.indexes(PgIndex.on("t_id", "id").unique());
    Migration.of(connections, List.of(plain)).apply();
    run("INSERT INTO broken.t VALUES (1), (1)");

    assertThatThrownBy(() -> Migration.of(connections, List.of(table)).apply())
        .hasMessageContaining("KL-613")
        .hasMessageContaining("t_id")
        .hasMessageNotContaining("(id)=(1)");
    assertThat(text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'broken.t_id'::regclass"))
        .isEqualTo("f");

    run("DELETE FROM broken.t");
    assertThat(Migration.of(connections, List.of(table)).apply())
        .extracting(Change::kind)
        .containsExactly(Change.Kind.DROP_BROKEN_INDEX, Change.Kind.CREATE_INDEX);
    assertThat(text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'broken.t_id'::regclass"))
        .isEqualTo("t");

    var other = plain.indexes(PgIndex.on("t_id", "id"));
    assertThatThrownBy(() -> Migration.of(connections, List.of(other)).apply())
        .hasMessageContaining("KL-612")
        .hasMessageContaining("t_id");
  }

  @Test
  void runsAtTheSameMomentMakeEverythingOnce() throws Exception {
    var table =
        PgTable.named("raced.t")
            .columns(PgColumn.required("id", PgType.BIGINT).comment("Key"))
            .primaryKey("id")
            .indexes(PgIndex.on("raced_id", "id"), PgIndex.on("raced_id_too", "id").unique());
    var runs = new ArrayList<Callable<List<Change>>>();
    for (var i = 0; i < 6; i++) {
      runs.add(() -> Migration.of(Connections.to(DATABASE), List.of(table)).apply());
    }
    var made = new ArrayList<Change>();
    var threads = Executors.newFixedThreadPool(runs.size());
    try {
      for (var run : threads.invokeAll(runs)) {
        made.addAll(run.get());
      }
    } finally {
      threads.shutdown();
    }
    assertThat(made)
        .extracting(Change::kind)
        .containsExactlyInAnyOrder(
            Change.Kind.CREATE_SCHEMA,
            Change.Kind.CREATE_TABLE,
            Change.Kind.COMMENT,
            Change.Kind.CREATE_INDEX,
            Change.Kind.CREATE_INDEX);
  }

  /** Somebody who knows nothing of our lock, and commits while we wait for the same name. */
  @Test
  void whatAnotherProgramMakesMeanwhileIsNoError() throws Exception {
    run("CREATE SCHEMA foreign_made");
    var table = PgTable.named("foreign_made.t").columns(PgColumn.required("id", PgType.BIGINT));
    connection.setAutoCommit(false);
    run("CREATE TABLE foreign_made.t (id bigint NOT NULL)");
    var threads = Executors.newSingleThreadExecutor();
    try {
      var ours = threads.submit(() -> Migration.of(connections, List.of(table)).apply());
      try (var watching = connections.open("watch")) {
        awaitWaiter(watching);
      }
      connection.commit();
      assertThat(ours.get()).isEmpty();
    } finally {
      threads.shutdown();
    }
  }

  private static void awaitWaiter(Connection connection) throws SQLException {
    var waiting =
        Query.of(
            connection,
            "SELECT FROM pg_stat_activity WHERE application_name ="
                + " 'kurrentlake-migration' AND wait_event_type = 'Lock'");
    while (!waiting.hasRow()) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"; DROP TABLE precious; --",
        "'; DROP TABLE precious; --",
        "x\") ; DROP TABLE precious CASCADE; --",
        "$$; DROP TABLE precious; $$",
        "%s%1$s ? {d '2020'} :name",
        "back\\slash\\'; DROP TABLE precious; --",
        "select",
        "MixedCase with blanks",
        "naïve 表 🚀",
        "a.b",
        "/* comment",
        "line\nbreak -- "
      })
  void aHostileNameIsOnlyAName(String name) throws SQLException {
    run("CREATE TABLE IF NOT EXISTS precious (id int)");
    var table =
        PgTable.named(TableName.of("s" + name, "t" + name))
            .comment(name)
            .columns(
                PgColumn.required("k" + name, PgType.BIGINT),
                PgColumn.optional("c" + name, PgType.TEXT)
                    .otherwise(new PgDefault.Text(name))
                    .comment(name))
            .primaryKey("k" + name)
            .indexes(PgIndex.on("i" + name, "c" + name));
    var migration = Migration.of(connections, List.of(table));

    migration.apply();

    assertThat(migration.plan()).isEmpty();
    assertThat(text("SELECT to_regclass('precious')")).isEqualTo("precious");
    run("INSERT INTO " + table.name().sql() + " VALUES (1)");
    assertThat(text("SELECT " + Identifier.of("c" + name).sql() + " FROM " + table.name().sql()))
        .isEqualTo(name);
  }

  private void run(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws SQLException {
    return Query.of(connection, sql).text();
  }
}
