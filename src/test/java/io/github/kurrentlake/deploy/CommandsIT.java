package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as the launcher starts them, each in a process of its own. */
class CommandsIT {
  private static final Path HOME = Path.of("").toAbsolutePath();
  private static final Path TARGET = HOME.resolve("target");
  private static final Pattern ENDPOINT = Pattern.compile("endpoint +(grpc\\S+)");

  @TempDir Path directory;

  /** What each process wrote to stderr: a pipe that nobody reads would fill and stop it. */
  private final Map<Process, Path> errors = new HashMap<>();

  private record Ended(int code, String out, String err) {}

  @Test
  void aRunFillsTheLakehouseAndTheNextOneMovesNothing() throws Exception {
    var first = run("run", "--loans", "60", "--lakehouse", "lake");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("60 loans in gold.loan_lifecycle", "laststatus", "./jobs/kurrentlake query")
        .containsPattern("gold_loan_lifecycle +done")
        .containsPattern("\\d new events")
        .doesNotContain("\u001b");

    var second = run("run", "--loans", "60", "--lakehouse", "lake");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.out()).contains("Nothing new", "60 loans in gold.loan_lifecycle");

    var query =
        run(
            "query",
            "--format",
            "json",
            "--lakehouse",
            "lake",
            "SELECT count(*) AS loans, CAST(null AS INT) AS n FROM gold.loan_lifecycle");
    assertThat(query.code()).as(query.err()).isZero();
    assertThat(query.out()).isEqualTo("{\"loans\":60,\"n\":null}\n");

    var kept =
        run("as-of", "--timestamp", "2100-01-01", "--lakehouse", "lake", "--into", "loans_kept");
    assertThat(kept.code()).as(kept.err()).isZero();
    assertThat(kept.out()).startsWith("gold.loans_kept: 60 rows");
    var difference =
        run("diff", "0", "2100-01-01", "--counts", "--format", "csv", "--lakehouse", "lake");
    assertThat(difference.code()).as(difference.err()).isZero();
    assertThat(difference.out()).startsWith("change,column,streams").contains("came,laststatus,60");
  }

  @Test
  void whatCannotBeReadIsListedAndDismissed() throws Exception {
    var events =
        Files.writeString(
            directory.resolve("events.jsonl"),
            """
            {"log_position":512,"stream":"loanRequest-a","schema_name":"CreditChecked",\
            "created_at":1738168933527,"data":"{\\"Score\\":\\"high\\"}"}
            {"log_position":900,"stream":"loanRequest-a","schema_name":"LoanArchived",\
            "created_at":1738168933527,"data":"{}"}
            """);
    var run = run("run", "--events", events.toString(), "--lakehouse", "lake");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("silver_credit_checked +done .* 1 quarantined")
        .contains("1 event could not be read; why: ./jobs/kurrentlake quarantine --lakehouse ");

    var list = run("quarantine", "--lakehouse", "lake");
    assertThat(list.code()).as(list.err()).isZero();
    assertThat(list.out())
        .containsPattern("open +credit_checked +bad value +score +1 +512 +high")
        .containsPattern("loanRequest +LoanArchived +1 +900");

    var dismissed = run("quarantine", "dismiss", "512", "--reason", "odd", "--lakehouse", "lake");
    assertThat(dismissed.code()).as(dismissed.err()).isZero();
    assertThat(dismissed.out()).isEqualTo("1 dismissed\n");

    var again = run("quarantine", "dismiss", "512", "--reason", "odd", "--lakehouse", "lake");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("KL-308").doesNotContain("\tat ");
  }

  @Tag("long")
  @Test
  void theLakebaseDemoBringsEveryCommittedChangeThroughAndBack() throws Exception {
    var json = directory.resolve("figures.json");
    for (var round = 1; round <= 2; round++) {
      var demo =
          run("lakebase-demo", "--seconds", "3", "--lakehouse", "lake", "--json", json.toString());
      assertThat(demo.code()).as(demo.err()).isZero();
      assertThat(demo.out()).contains("0 lost, 0 doubled", "loanRequest-", "last_status");
      var figures = new ObjectMapper().readTree(json.toFile());
      assertThat(figures.get("committed").longValue()).isGreaterThan(100L * round);
      assertThat(figures.get("bronze")).isEqualTo(figures.get("committed"));
      assertThat(figures.get("lost").longValue()).isZero();
      assertThat(figures.get("doubled").longValue()).isZero();
      assertThat(figures.get("synced").longValue()).isBetween(10L, 40L);
    }
  }

  @Test
  void theJarRunsThroughSparkSubmitAgainstTheKurrentDbCommand() throws Exception {
    var authority = directory.resolve("ca.pem");
    var kurrentdb =
        start("kurrentdb", "--port", "0", "--loans", "20", "--ca-out", authority.toString());
    try (var lines =
        new BufferedReader(
            new InputStreamReader(kurrentdb.getInputStream(), StandardCharsets.UTF_8))) {
      var endpoint = endpoint(lines);

      var bronze =
          run(
              "submit",
              "bronze_ingest",
              "--catalog",
              "./lake",
              "--endpoint",
              endpoint,
              "--tls-ca",
              authority.toString());
      assertThat(bronze.code()).as(bronze.err()).isZero();
      assertThat(bronze.out()).contains("BronzeIngest: ");
      assertThat(directory.resolve("lake/bronze/events/_delta_log")).isDirectory();

      var silver = run("submit", "silver_credit_checked", "--catalog=./lake");
      assertThat(silver.code()).as(silver.err()).isZero();
      assertThat(directory.resolve("lake/silver/credit_checked/_delta_log")).isDirectory();

      var refused = run("submit", "gold_loan_lifecycle", "--catalogue", "./lake");
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("KL-101", "--catalogue").doesNotContain("\tat ");

      // SIGTERM, as the end that the command is made for.
      kurrentdb.destroy();
      assertThat(kurrentdb.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(kurrentdb.exitValue()).isZero();
    } finally {
      kurrentdb.destroyForcibly();
    }
  }

  private static String endpoint(BufferedReader lines) throws IOException {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var endpoint = ENDPOINT.matcher(line);
      if (endpoint.find()) {
        return endpoint.group(1);
      }
    }
    throw new AssertionError("The command ended without naming its endpoint");
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    var process = start(arguments);
    process.getOutputStream().close();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(errors.get(process)));
  }

  private Process start(String... arguments) throws IOException {
    var classPath =
        String.join(
            File.pathSeparator,
            TARGET.resolve("classes").toString(),
            Files.readString(TARGET.resolve("classpath-provided.txt")).strip(),
            Files.readString(TARGET.resolve("classpath-runtime.txt")).strip());
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + HOME.resolve("jobs").resolve("java.options"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m"));
    command.add("-Dspark.sql.codegen.wholeStage=false");
    command.add("-Dkurrentlake.home=" + HOME);
    command.addAll(List.of("-cp", classPath, "io.github.kurrentlake.cli.Kurrentlake"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("KURRENTDB_USERNAME", "admin");
    builder.environment().put("KURRENTDB_PASSWORD", "changeit");
    builder.environment().remove("SPARK_HOME");
    var stderr = Files.createTempFile(directory, "stderr", null);
    var process = builder.redirectError(stderr.toFile()).start();
    errors.put(process, stderr);
    return process;
  }
}
