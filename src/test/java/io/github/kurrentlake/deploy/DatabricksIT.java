package io.github.kurrentlake.deploy;

import static io.github.kurrentlake.testing.SameRows.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.deploy.cluster.FourRounds;
import io.github.kurrentlake.deploy.cluster.FourRounds.Ended;
import io.github.kurrentlake.deploy.cluster.driver.Deed;
import io.github.kurrentlake.deploy.cluster.driver.Principal;
import io.github.kurrentlake.deploy.cluster.driver.Request;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.workflow.LocalRun;
import io.github.kurrentlake.workflow.Outcome;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar on what comes nearest to a cluster of Databricks: the jobs, four times, and then the
 * tables of a run on this machine.
 */
@Tag("long")
class DatabricksIT {
  private static final Path JAR = Path.of(System.getProperty("kurrentlake.jar"));
  private static final Path REPORT = JAR.resolveSibling("databricks-rounds.txt");
  private static final long LOANS = 60;

  /** The tables of the loans, with the columns that say when a run was. */
  private static final Map<String, List<String>> TABLES =
      Map.of(
          "bronze.events", List.of("ingested_at"),
          "silver.loan_requested", List.of(),
          "silver.credit_checked", List.of(),
          "silver.loan_auto_decisioned", List.of(),
          "silver.loan_manual_decisioned", List.of(),
          "silver.automated_summary", List.of(),
          "gold.loan_lifecycle", List.of(),
          "ops.quarantine", List.of("first_attempt", "last_attempt"));

  @TempDir private Path directory;

  @Test
  void theJobsRunAgainAndAgainAndMakeTheTablesOfALocalRun() throws IOException {
    var database = Postgres.database(DatabricksIT.class);
    var report = new ArrayList<String>();
    try (var kurrentdb = EmbeddedKurrentDb.builder().start();
        var rounds =
            FourRounds.start(
                JAR,
                Files.createDirectory(directory.resolve("cluster")),
                kurrentdb,
                database,
                LOANS,
                report::add)) {
      assertRefusesWhatAClusterRefuses(rounds);
      var ended = rounds.run();
      Files.write(REPORT, report);
      assertThat(ended)
          .hasSize(4 * (7 + 2 + 5) + 1 + 1 + 1 + 2 * 4)
          .allSatisfy(end -> assertThat(end.answer().failure()).as(end.toString()).isEmpty());
      assertMoved(ended);

      assertThat(rows(rounds.table("gold", "decisions"), List.of()).count())
          .isEqualTo(rows(rounds.table("gold", "loan_lifecycle"), List.of()).count());
      assertThat(rows(rounds.table("silver", "decision_part"), List.of()).count()).isPositive();

      var local = runHere(kurrentdb);
      TABLES.forEach(
          (table, times) -> {
            var name = table.split("\\.", -1);
            var there = rows(rounds.table(name[0], name[1]), times);
            var here = rows(local.resolve(name[0]).resolve(name[1]), times);
            assertThat(here.isEmpty()).as(table).isFalse();
            assertSameRows(here, there);
          });
      var served = "stream, reviews, open_reviews, last_status, versions";
      assertThat(PostgresClient.of(database).rows("SELECT " + served + " FROM app.loan_reviews"))
          .hasSize(20)
          .containsExactlyInAnyOrderElementsOf(
              rows(rounds.table("gold", "loan_reviews"), List.of())
                  .selectExpr(served.split(", "))
                  .collectAsList()
                  .stream()
                  .map(row -> row.mkString("|"))
                  .toList());
    }
  }

  /** Otherwise that the jobs run there would show nothing. */
  private static void assertRefusesWhatAClusterRefuses(FourRounds rounds) throws IOException {
    assertThat(deed(rounds, Principal.OWNER, "sql", "CREATE SCHEMA loan_lakehouse.probe"))
        .isEmpty();
    assertThat(
            rounds
                .run(
                    new Request(
                        "delta", "org.apache.spark.sql.delta.DeltaLog", List.of(), Principal.OWNER))
                .failure())
        .contains("which a cluster does not have");

    var table =
        "CREATE TABLE loan_lakehouse.probe.t (a INT NOT NULL, b INT, CONSTRAINT %s) USING delta";
    for (var key :
        List.of(
            "pk PRIMARY KEY (a)", "`pk` RELY PRIMARY KEY (a)", "`pk` PRIMARY KEY (a) ENFORCED")) {
      assertThat(deed(rounds, Principal.OWNER, "sql", table.formatted(key)))
          .contains("PARSE_SYNTAX");
    }
    for (var key : List.of("`pk` PRIMARY KEY (b)", "`pk` PRIMARY KEY (a, c) RELY")) {
      assertThat(deed(rounds, Principal.OWNER, "sql", table.formatted(key))).contains("NOT NULL");
    }

    var volume = "CREATE VOLUME loan_lakehouse.probe.files";
    var file = "/Volumes/loan_lakehouse/probe/files/a";
    assertThat(deed(rounds, Principal.OWNER, "write", file)).contains("no such volume");
    for (var made : List.of("CREATE SCHEMA IF NOT EXISTS loan_lakehouse.probe", volume)) {
      assertThat(deed(rounds, Principal.RESTRICTED, "sql", made)).contains("PERMISSION_DENIED");
    }
    assertThat(deed(rounds, Principal.OWNER, "sql", volume)).isEmpty();
    assertThat(deed(rounds, Principal.OWNER, "write", file)).isEmpty();

    assertThat(deed(rounds, Principal.OWNER, "set", "spark.databricks.delta.snapshotPartitions"))
        .contains("does not document");
    assertThat(deed(rounds, Principal.OWNER, "set", "spark.sql.warehouse.dir"))
        .contains("CANNOT_MODIFY");
    assertThat(deed(rounds, Principal.OWNER, "sql", "DROP SCHEMA loan_lakehouse.probe")).isEmpty();
  }

  private static String deed(FourRounds rounds, Principal principal, String... arguments)
      throws IOException {
    return rounds
        .run(new Request("deed", Deed.class.getName(), List.of(arguments), principal))
        .failure();
  }

  /** What is new moves once, through every task, and nothing else does. */
  private static void assertMoved(List<Ended> ended) {
    for (var end : ended) {
      var line = end.answer().lastLine();
      switch (end.answer().task()) {
        case "optimize_and_vacuum" -> assertThat(line).contains("bronze.events", "ops.quarantine");
        case "lakebase_setup" ->
            assertThat(line).isEqualTo("LakebaseSetup: 0 events in, 0 rows out");
        case "maintain" -> assertThat(line).startsWith("Maintain: 0 events in, 0 rows out");
        case "reconcile" -> assertThat(line).matches("Reconcile: \\d+ events in, 8 rows out");
        // The loans' task has brought these events.
        case "bronze" ->
            assertThat(line).matches("PipelineBronze: [1-9]\\d* events in, 0 rows out");
        case "replay" -> assertThat(line).matches("Replay: [1-9]\\d* events in, 0 rows out");
        default -> {
          if (end.round() == 2 || end.round() == 3) {
            assertThat(line).as(end.toString()).endsWith(": 0 events in, 0 rows out");
          } else {
            assertThat(line)
                .as(end.toString())
                .matches("\\w+: [1-9]\\d* events in, [1-9]\\d* rows out.*");
          }
        }
      }
    }
  }

  private Path runHere(EmbeddedKurrentDb kurrentdb) throws IOException {
    var lakehouse = directory.resolve("local");
    var authority = Files.writeString(directory.resolve("ca.pem"), kurrentdb.caCertificate());
    var outcomes =
        LocalRun.of(WorkflowFile.read(Path.of("workflow.json")))
            .parameters(
                Map.of(
                    "catalog", lakehouse.toString(),
                    "endpoint", kurrentdb.endpoint().toString(),
                    "tls_ca", authority.toString()))
            .environment(KurrentDbs.environment(directory, "changeit"))
            .run(SharedSpark.session());
    assertThat(outcomes.values())
        .allSatisfy(o -> assertThat(o).isInstanceOf(Outcome.Succeeded.class));
    return lakehouse;
  }

  private static Dataset<Row> rows(Path table, List<String> without) {
    return SharedSpark.session()
        .read()
        .format("delta")
        .load(table.toString())
        .drop(without.toArray(String[]::new));
  }
}
