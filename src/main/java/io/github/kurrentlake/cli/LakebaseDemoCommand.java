package io.github.kurrentlake.cli;

import io.github.kurrentlake.embedded.loans.Reviewers;
import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.Migration;
import io.github.kurrentlake.lakebase.source.ChangeTracking;
import io.github.kurrentlake.loans.LakebaseSetup;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.workflow.LocalRun;
import io.github.kurrentlake.workflow.Outcome;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Postgres in both directions, on this machine. */
@Command(
    name = "lakebase-demo",
    description = {
      "Start a real PostgreSQL, let people change rows in it, and run the Lakebase pipeline: into"
          + " Bronze, history in Silver, Gold, and back into Postgres.",
      "Nothing needs to be installed. Run again: the same database goes on."
    })
final class LakebaseDemoCommand implements Callable<Integer> {
  private static final int WRITERS = 4;
  private static final String DATABASE = "loan_app";
  private static final String SERVED =
      "SELECT stream, reviews, open_reviews, last_status, best_offer, versions"
          + " FROM app.loan_reviews ORDER BY changed_at DESC, stream LIMIT 5";

  private final Launcher launcher;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long the writers change rows. Default: 10.")
  private int seconds;

  @Mixin private LakehouseOption lakehouse;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write the figures as JSON, too.")
  private Path json;

  LakebaseDemoCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws SQLException, InterruptedException {
    if (seconds < 1) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "--seconds")
          .with("expected", "a whole number of at least 1");
    }
    var directory = lakehouse.prepared();
    try (var session = LocalSession.start(directory, "kurrentlake");
        var postgres = LocalPostgres.in(directory.resolve("ops").resolve("_postgres"))) {
      var database = postgres.ensureDatabase(DATABASE);
      launcher.out().println("Postgres   " + database + ", real and on this machine only");
      launcher.out().println("Lakehouse  " + directory);
      launcher.out().flush();
      return run(directory, database, session.spark());
    }
  }

  private int run(Path directory, ConnectionInfoProvider database, SparkSession spark)
      throws SQLException, InterruptedException {
    var connections = Connections.to(database);
    var pipeline = pipeline(directory, database);
    Migration.of(connections, List.of(LakebaseSetup.tables())).apply();
    ChangeTracking.of(database, LakebaseSetup.tables()[0].name())
        .publish(Identifier.of(ChangeTracking.PUBLICATION));
    // Before the first row, so that Bronze can hold every version there ever is.
    cycle(pipeline, spark);
    ReviewCounts.begin(connections);
    try (var people = Reviewers.start(WRITERS, Duration.ofSeconds(seconds), connections)) {
      launcher.out().printf("%d people change rows for %d s ...%n", WRITERS, seconds);
      launcher.out().flush();
      while (!people.areDone()) {
        cycle(pipeline, spark);
      }
      launcher.out().printf("They committed %,d transactions.%n", people.committed());
    } catch (ExecutionException e) {
      throw Failures.known(e.getCause(), ErrorCode.LAKEBASE_FAILED);
    }
    cycle(pipeline, spark);
    return report(ReviewCounts.count(spark, directory, connections), connections);
  }

  private LocalRun pipeline(Path directory, ConnectionInfoProvider database) {
    var file = launcher.home().resolve("jobs").resolve("lakebase-workflow.json");
    var environment = Environment.ofProcess();
    if (database instanceof PostgresUrl url
        && url.password() instanceof SecretPlace.InFile password) {
      var variable = ConnectionInfoProvider.PASSWORD + SecretPlace.FILE_SUFFIX;
      environment = environment.with(Map.of(variable, password.path()));
    }
    return LocalRun.of(WorkflowFile.read(file))
        .parameters(
            Map.of(
                "catalog",
                directory.toString(),
                "lakebase",
                database.toString(),
                // The mode that sees every version; a deletion needs no comparison of keys then.
                "mode",
                "slot",
                "compare_keys",
                "no"))
        .environment(environment);
  }

  private void cycle(LocalRun pipeline, SparkSession spark) {
    var outcomes = pipeline.run(spark);
    outcomes.forEach(
        (task, outcome) -> {
          if (outcome instanceof Outcome.Failed failed) {
            throw Failures.known(failed.error(), ErrorCode.TASK_FAILED).with("task", task);
          }
        });
    var ingested = (Outcome.Succeeded) outcomes.get("lakebase_ingest");
    var synced = (Outcome.Succeeded) outcomes.get("lakebase_sync");
    launcher
        .out()
        .printf(
            "  pipeline: %,d changes into Bronze, %,d rows written back%n",
            ingested.report().rowsOut(), synced.report().rowsOut());
    launcher.out().flush();
  }

  private int report(ReviewCounts counts, Connections connections) throws SQLException {
    var out = launcher.out();
    out.println();
    counts.lines().forEach(out::println);
    out.println();
    out.println("From Postgres, " + SERVED + ":");
    show(connections);
    if (json != null) {
      counts.write(json);
    }
    out.println();
    out.println("Next:");
    out.println(
        "  ./jobs/kurrentlake query --lakehouse %s \"SELECT * FROM silver.loan_review_history\""
            .formatted(lakehouse.existing()));
    out.println("  ./jobs/kurrentlake lakebase-demo   again: the same database goes on");
    out.flush();
    return counts.isExact() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void show(Connections connections) throws SQLException {
    try (var connection = connections.open("kurrentlake-demo");
        var statement = connection.createStatement();
        var served = statement.executeQuery(SERVED)) {
      var schema = new StructType();
      var columns = served.getMetaData().getColumnCount();
      for (var i = 1; i <= columns; i++) {
        schema = schema.add(served.getMetaData().getColumnLabel(i), "string");
      }
      var rows = new ArrayList<Row>();
      while (served.next()) {
        var values = new Object[columns];
        for (var i = 0; i < columns; i++) {
          values[i] = served.getString(i + 1);
        }
        rows.add(RowFactory.create(values));
      }
      TablePrinter.to(launcher.out()).indented("  ").body(schema, rows.iterator());
    }
  }
}
