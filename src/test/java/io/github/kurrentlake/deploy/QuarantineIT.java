package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of events that cannot be read. */
class QuarantineIT {
  @TempDir private Path directory;
  private CommandLine commands;

  @BeforeEach
  void begin() {
    commands = new CommandLine(directory);
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
    var run = commands.run("run", "--events", events.toString(), "--lakehouse", "lake");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("silver_credit_checked +done .* 1 quarantined")
        .contains("1 event could not be read; why: ./jobs/kurrentlake quarantine --lakehouse ");

    var list = commands.run("quarantine", "--lakehouse", "lake");
    assertThat(list.code()).as(list.err()).isZero();
    assertThat(list.out())
        .containsPattern("open +credit_checked +bad value +score +1 +512 +high")
        .containsPattern("loanRequest +LoanArchived +1 +900");

    var dismissed =
        commands.run("quarantine", "dismiss", "512", "--reason", "odd", "--lakehouse", "lake");
    assertThat(dismissed.code()).as(dismissed.err()).isZero();
    assertThat(dismissed.out()).isEqualTo("1 dismissed\n");

    var again =
        commands.run("quarantine", "dismiss", "512", "--reason", "odd", "--lakehouse", "lake");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("KL-308").doesNotContain("\tat ");
  }
}
