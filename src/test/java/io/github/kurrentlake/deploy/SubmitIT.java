package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar under spark-submit, on the node of the kurrentdb command. */
class SubmitIT {
  private static final Pattern ENDPOINT = Pattern.compile("endpoint +(grpc\\S+)");

  @TempDir private Path directory;
  private CommandLine commands;

  @BeforeEach
  void begin() {
    commands = new CommandLine(directory);
  }

  @Test
  void theJarRunsThroughSparkSubmitAgainstTheKurrentDbCommand() throws Exception {
    var authority = directory.resolve("ca.pem");
    var kurrentdb =
        commands.start(
            "kurrentdb", "--port", "0", "--loans", "20", "--ca-out", authority.toString());
    try (var lines =
        new BufferedReader(
            new InputStreamReader(kurrentdb.getInputStream(), StandardCharsets.UTF_8))) {
      var endpoint = endpoint(lines);

      var bronze =
          commands.run(
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

      var silver = commands.run("submit", "silver_credit_checked", "--catalog=./lake");
      assertThat(silver.code()).as(silver.err()).isZero();
      assertThat(directory.resolve("lake/silver/credit_checked/_delta_log")).isDirectory();

      var refused = commands.run("submit", "gold_loan_lifecycle", "--catalogue", "./lake");
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
}
