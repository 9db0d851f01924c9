package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that make tables again, and that erase a loan. */
@Tag("long")
class ReplayIT {
  private static final String LAKE = "lake";

  @TempDir private Path directory;

  @Test
  void tablesAreMadeAgainAndALoanIsErased() throws Exception {
    var commands = new CommandLine(directory);
    assertSucceeds(commands, "run", "--loans", "30");
    assertThat(assertSucceeds(commands, "replay", "--projection=loan_requested", "--dry-run"))
        .endsWith("30 rows compared, 0 differed.\n");
    assertThat(assertSucceeds(commands, "replay", "--status"))
        .containsPattern("silver.loan_requested +from Bronze .* dropped");

    var stream =
        assertSucceeds(
                commands,
                "query",
                "--format",
                "csv",
                "SELECT min(stream) AS stream FROM gold.loan_lifecycle")
            .lines()
            .skip(1)
            .findFirst()
            .orElseThrow();
    assertThat(assertSucceeds(commands, "erase", "--stream", stream))
        .contains("silver.loan_requested");
    assertThat(assertSucceeds(commands, "erase", "--report", "--stream", stream))
        .contains("bronze.events");
    assertThat(
            assertSucceeds(
                commands,
                "query",
                "--format",
                "csv",
                "SELECT count(*) AS loans FROM gold.loan_lifecycle"))
        .isEqualTo("loans\n29\n");
  }

  private static String assertSucceeds(CommandLine commands, String command, String... arguments)
      throws Exception {
    var all = new ArrayList<>(List.of(command));
    all.add("--lakehouse");
    all.add(LAKE);
    all.addAll(List.of(arguments));
    var ended = commands.run(all.toArray(String[]::new));
    assertThat(ended.code()).as(all + "\n" + ended.err()).isZero();
    return ended.out();
  }
}
