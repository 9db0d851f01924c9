package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lakehouse from the first run to what is asked of it. */
class RunIT {
  @TempDir private Path directory;
  private CommandLine commands;

  @BeforeEach
  void begin() {
    commands = new CommandLine(directory);
  }

  @Test
  void aRunFillsTheLakehouseAndTheNextOneMovesNothing() throws Exception {
    var first = commands.run("run", "--loans", "60", "--lakehouse", "lake");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .contains(
            "60 loans in gold.loan_lifecycle", "laststatus", "./jobs/kurrentlake query", "Report: ")
        .containsPattern("gold_loan_lifecycle +done")
        .containsPattern("\\d new events")
        .doesNotContain("\u001b");

    assertThat(directory.resolve("lake/report.html")).isNotEmptyFile();

    var second = commands.run("run", "--loans", "60", "--lakehouse", "lake");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.out()).contains("Nothing new", "60 loans in gold.loan_lifecycle");

    var query =
        commands.run(
            "query",
            "--format",
            "json",
            "--lakehouse",
            "lake",
            "SELECT count(*) AS loans, CAST(null AS INT) AS n FROM gold.loan_lifecycle");
    assertThat(query.code()).as(query.err()).isZero();
    assertThat(query.out()).isEqualTo("{\"loans\":60,\"n\":null}\n");

    var reconciled = commands.run("reconcile", "--loans", "60", "--full", "--lakehouse", "lake");
    assertThat(reconciled.code()).as(reconciled.err()).isZero();
    assertThat(reconciled.out())
        .containsPattern("bronze\\.events +-1 +\\d+ +\\d+ +0 +clean")
        .contains("nothing is missing, doubled or altered");
    var kept =
        commands.run(
            "as-of", "--timestamp", "2100-01-01", "--lakehouse", "lake", "--into", "loans_kept");
    assertThat(kept.code()).as(kept.err()).isZero();
    assertThat(kept.out()).startsWith("gold.loans_kept: 60 rows");
    var difference =
        commands.run(
            "diff", "0", "2100-01-01", "--counts", "--format", "csv", "--lakehouse", "lake");
    assertThat(difference.code()).as(difference.err()).isZero();
    assertThat(difference.out()).startsWith("change,column,streams").contains("came,laststatus,60");
  }
}
