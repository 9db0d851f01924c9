package io.github.kurrentlake.deploy.cluster;

import io.github.kurrentlake.deploy.cluster.driver.Answer;
import io.github.kurrentlake.deploy.cluster.driver.Principal;
import io.github.kurrentlake.deploy.cluster.driver.Request;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.pipeline.PipelineFolder;
import io.github.kurrentlake.pipeline.PipelineWorkflow;
import io.github.kurrentlake.settings.SecretPlace;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The jobs, run on a cluster four times: on nothing, when nothing is new, after somebody else
 * optimized and vacuumed all tables, and with new events as somebody who may make nothing. The
 * replay runs once, as the owner.
 */
public final class FourRounds implements AutoCloseable {
  /** Before its 60th loan, and again before its 90th, is all that can happen to one. */
  private static final long SEED = 80;

  private final EmbeddedKurrentDb kurrentdb;
  private final ConnectionInfoProvider postgres;
  private final long loans;
  private final Consumer<String> listener;

  /** A pipeline that a folder declares, which rests in the rounds between. */
  private static final String PIPELINE =
      """
      name: decisions
      category: loanRequest
      projections:
        - table: decision
          events: [LoanAutomaticallyApproved, LoanAutomaticallyDenied]
          columns:
            - {name: decided_at, type: timestamp, place: LoanAutomatedDecisionTimestamp}
        - table: decision_part
          events: [LoanAutomaticallyApproved]
          explode: Parts
          columns:
            - {name: part, type: text, place: Parts.Name}
      """;

  private final DatabricksJob loanJob;
  private final DatabricksJob pipelineJob;
  private final DatabricksJob maintenanceJob;
  private final DatabricksJob continuousJob;
  private final DatabricksJob replayJob;
  private final DatabricksJob lakebaseJob;
  private final DatabricksCluster cluster;
  private final Map<String, String> loanParameters;
  private final Map<String, String> lakebaseParameters;
  private long appended;

  private FourRounds(
      Path jar,
      Path directory,
      EmbeddedKurrentDb kurrentdb,
      ConnectionInfoProvider postgres,
      long loans,
      Consumer<String> listener)
      throws IOException {
    this.kurrentdb = kurrentdb;
    this.postgres = postgres;
    this.loans = loans;
    this.listener = listener;
    var secrets =
        Map.of(
            "kurrentdb/username", "admin",
            "kurrentdb/password", "changeit",
            // Nobody is asked: the database is given by its address.
            "lakebase/host", "https://workspace.invalid",
            "lakebase/client_id", "nobody",
            "lakebase/client_secret", "nobody's");
    loanJob = DatabricksJob.read(Path.of("workflow.json"), secrets);
    pipelineJob = DatabricksJob.read(pipelineWorkflow(directory), secrets);
    continuousJob = DatabricksJob.read(Path.of("jobs", "continuous.json"), secrets);
    maintenanceJob = DatabricksJob.read(Path.of("jobs", "maintenance.json"), secrets);
    replayJob = DatabricksJob.read(Path.of("jobs", "replay.json"), secrets);
    lakebaseJob = DatabricksJob.read(Path.of("jobs", "lakebase-workflow.json"), secrets);
    var authority = Files.writeString(directory.resolve("ca.pem"), kurrentdb.caCertificate());
    loanParameters =
        Map.of("endpoint", kurrentdb.endpoint().toString(), "tls_ca", authority.toString());
    lakebaseParameters = Map.of("lakebase", postgres.toString());
    var environment = new HashMap<>(loanJob.environment());
    environment.putAll(lakebaseJob.environment());
    environment.put(
        ConnectionInfoProvider.PASSWORD + SecretPlace.FILE_SUFFIX,
        ((SecretPlace.InFile) ((PostgresUrl) postgres).password()).path());
    cluster = DatabricksCluster.start(jar, directory, environment);
  }

  private static Path pipelineWorkflow(Path directory) throws IOException {
    var folder = Files.createDirectory(directory.resolve("decisions"));
    Files.writeString(folder.resolve(PipelineFolder.FILE), PIPELINE);
    return Files.writeString(
        folder.resolve("workflow.json"),
        // As a path of a volume that Spark reaches and Java's own functions do not.
        PipelineWorkflow.json(PipelineFolder.read(folder), "file:" + folder));
  }

  /** How one task of a round ended. */
  public record Ended(int round, Answer answer) {
    /** The round, the task, what it took, and its last line. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d  %-30s %6.1f s %4d statements %4d jobs  %s",
          round,
          answer.task(),
          answer.seconds(),
          answer.statements(),
          answer.jobs(),
          answer.endedWell() ? answer.lastLine() : answer.failure());
    }
  }

  /**
   * Starts the cluster.
   *
   * @param directory an empty directory for all that it writes
   * @param postgres an empty database
   * @param loans how many are there in the first round; half as many more come in the last
   * @param listener told of each task's end
   */
  public static FourRounds start(
      Path jar,
      Path directory,
      EmbeddedKurrentDb kurrentdb,
      ConnectionInfoProvider postgres,
      long loans,
      Consumer<String> listener)
      throws IOException {
    return new FourRounds(jar, directory, kurrentdb, postgres, loans, listener);
  }

  /** Runs the rounds; a task that fails does not stop those after it. */
  public List<Ended> run() throws IOException {
    var ended = new ArrayList<Ended>();
    appendLoans(loans);
    round(1, Principal.OWNER, ended);
    round(2, Principal.OWNER, ended);
    end(ended, 3, cluster.optimizeAndVacuum());
    round(3, Principal.OWNER, ended);
    for (var task : replayJob.tasks(loanParameters, Principal.OWNER)) {
      end(ended, 3, cluster.run(task));
    }
    var once = new HashMap<>(loanParameters);
    once.put("for", "1ms");
    for (var task : continuousJob.tasks(once, Principal.OWNER)) {
      end(ended, 3, cluster.run(task));
    }
    appendLoans(loans + loans / 2);
    round(4, Principal.RESTRICTED, ended);
    return ended;
  }

  /** Runs something else on the cluster. */
  public Answer run(Request task) throws IOException {
    return cluster.run(task);
  }

  /** The directory of a table. */
  public Path table(String schema, String name) {
    return cluster.table(schema, name);
  }

  private void round(int number, Principal principal, List<Ended> ended) throws IOException {
    for (var task : loanJob.tasks(loanParameters, principal)) {
      end(ended, number, cluster.run(task));
    }
    if (number == 1 || number == 4) {
      for (var task : pipelineJob.tasks(loanParameters, principal)) {
        end(ended, number, cluster.run(task));
      }
    }
    for (var task : maintenanceJob.tasks(loanParameters, principal)) {
      end(ended, number, cluster.run(task));
    }
    for (var task : lakebaseJob.tasks(lakebaseParameters, principal)) {
      end(ended, number, cluster.run(task));
      if (task.task().equals("lakebase_setup") && (number == 1 || number == 4)) {
        review(number);
      }
    }
  }

  private void end(List<Ended> all, int round, Answer answer) {
    var ended = new Ended(round, answer);
    all.add(ended);
    listener.accept(ended.toString());
  }

  private void appendLoans(long upTo) {
    var log = new ArrayList<LogRecord>();
    SampleLoans.seed(SEED).records(upTo).forEachRemaining(log::add);
    // So that quarantine has something to hold.
    var check = firstCheck(log);
    log.set(log.indexOf(check), unreadable(check));
    kurrentdb.append(log.stream().skip(appended));
    appended = log.size();
  }

  private static LogRecord firstCheck(List<LogRecord> log) {
    return log.stream()
        .filter(record -> record.schemaName().equals("CreditChecked"))
        .findFirst()
        .orElseThrow();
  }

  private static LogRecord unreadable(LogRecord record) {
    return LogRecord.json(
        record.logPosition(),
        record.streamRevision(),
        record.createdAt(),
        record.stream(),
        record.schemaName(),
        record.recordId(),
        "{\"Score\":");
  }

  /** What people do in the application: reviews begin, and those of before go on. */
  private void review(int round) {
    try (var connection = Connections.to(postgres).open("application");
        var statement = connection.createStatement()) {
      statement.execute("UPDATE app.loan_review SET status = 'approved', updated_at = now()");
      statement.execute(
          """
          INSERT INTO app.loan_review (stream, reviewer, offered_amount)
          SELECT 'loanRequest-' || n, 'reviewer ' || %d, n
          FROM generate_series(1, 20) AS n
          """
              .formatted(round));
      statement.execute("DELETE FROM app.loan_review WHERE review_id = 3");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    cluster.close();
  }

  /**
   * Runs the rounds by hand, where {@code mvn -DskipTests verify} has built the jar. Takes an empty
   * directory, which keeps all that the cluster wrote, and how many loans:
   *
   * <pre>{@code
   * java @jobs/java.options -cp "target/test-classes:target/classes:$(cat \
   *   target/classpath-provided.txt):$(cat target/classpath-runtime.txt)" \
   *   io.github.kurrentlake.deploy.cluster.FourRounds /tmp/cluster 60
   * }</pre>
   */
  public static void main(String[] arguments) throws IOException {
    var directory = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
    var loans = arguments.length > 1 ? Long.parseLong(arguments[1]) : 60;
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var jar = Path.of("target", "kurrentlake-0.1.0-SNAPSHOT.jar").toAbsolutePath();
    try (var kurrentdb = EmbeddedKurrentDb.builder().start();
        var server = LocalPostgres.temporary();
        var rounds =
            start(
                jar,
                directory,
                kurrentdb,
                server.ensureDatabase("loan_app"),
                loans,
                out::println)) {
      rounds.run();
    }
  }
}
