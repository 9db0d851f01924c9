package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whoever runs the pipeline asks every morning, by the launcher's commands. */
@Tag("long")
class OperationsIT {
  private static final int BEHIND = 3;

  @TempDir private Path directory;

  @Test
  void aLakehouseSaysHowItIsAndIsMaintained() throws Exception {
    var commands = new CommandLine(directory);
    assertThat(commands.run("run", "--loans", "30", "--lakehouse", "lake").code()).isZero();

    var status = commands.run("status", "--loans", "30", "--lakehouse", "lake");
    assertThat(status.code()).as(status.err()).isZero();
    assertThat(status.out())
        .containsPattern("bronze\\.events +\\d+ +0 +null +\\S+ \\S+ +succeeded")
        .containsPattern("gold\\.loan_lifecycle +\\d+ +0 +null");
    var behind =
        commands.run(
            "status",
            "--loans",
            "40",
            "--lakehouse",
            "lake",
            "--json",
            "--fail-if-behind",
            "15m",
            "--metrics",
            "lake.prom");
    assertThat(behind.code()).as(behind.err()).isEqualTo(BEHIND);
    assertThat(behind.out())
        .containsPattern("\"table\":\"gold.loan_lifecycle\".*\"events_behind\":[1-9]");

    assertThat(directory.resolve("lake.prom"))
        .content()
        .contains("# TYPE kurrentlake_behind_events gauge", "# EOF")
        .containsPattern("kurrentlake_behind_events\\{table=\"silver.loan_requested\"} 10.0")
        .contains("kurrentlake_last_run_succeeded{table=\"gold.loan_lifecycle\"} 1.0");

    var doctor = commands.run("doctor", "--loans", "30", "--lakehouse", "lake");
    assertThat(doctor.code()).as(doctor.out() + doctor.err()).isZero();
    assertThat(doctor.out()).contains("pass  login", "pass  category", "pass  checkpoints");
    assertThat(doctor.out())
        .containsPattern("pass  tables .* which Apache-Spark/\\S+ Delta-Lake/\\S+ wrote")
        .containsPattern("pass  duration .* took \\d+ s");

    var maintained = commands.run("maintain", "--lakehouse", "lake", "--after-commits=1");
    assertThat(maintained.code()).as(maintained.err()).isZero();
    assertThat(maintained.out()).containsPattern("ops\\.task_runs +7 +\\d+ +1 ");

    var report = commands.run("report", "--loans", "30", "--lakehouse", "lake");
    assertThat(report.code()).as(report.err()).isZero();
    assertThat(directory.resolve("lake/report.html"))
        .content()
        .contains("<data value=\"BronzeIngest\">", "<data value=\"30\">30</data>");

    var categories = commands.run("categories", "--loans", "30");
    assertThat(categories.code()).as(categories.err()).isZero();
    assertThat(categories.out()).containsPattern("loanRequest +LoanRequested +30 ");
  }
}
