package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo of the way from Postgres and back. */
@Tag("long")
class LakebaseDemoIT {
  @TempDir private Path directory;
  private CommandLine commands;

  @BeforeEach
  void begin() {
    commands = new CommandLine(directory);
  }

  @Test
  void theLakebaseDemoBringsEveryCommittedChangeThroughAndBack() throws Exception {
    var json = directory.resolve("figures.json");
    for (var round = 1; round <= 2; round++) {
      var demo =
          commands.run(
              "lakebase-demo", "--seconds", "3", "--lakehouse", "lake", "--json", json.toString());
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
}
