package io.github.kurrentlake.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.loans.BronzeIngest;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobMainTest {

  @Test
  void theHelpOfAJobNamesEverySettingWithItsDefaultAndVariable() {
    assertThat(JobMain.help(new BronzeIngest()))
        .startsWith("BronzeIngest [--name=value ...]")
        .containsPattern(
            "--catalog=TEXT\\s+Unity Catalog catalog .* Must be given. Variable: KURRENTLAKE_CATALOG")
        .containsPattern("--batch-size=N\\s+Events per commit at most\\. Default: 1000000\\.");
  }

  @Test
  void wrongUsageAndFailureEndDifferently() {
    assertThat(ErrorCode.UNKNOWN_OPTION.exitCode()).isEqualTo(2);
    assertThat(ErrorCode.TABLE_MISSING.exitCode()).isEqualTo(1);
  }

  @Test
  void whateverEscapesAJobIsAnErrorOfTheCatalogue() {
    var missing = new NoClassDefFoundError("org/example/Gone");

    assertThat(JobMain.known(missing))
        .hasCause(missing)
        .hasMessageContaining("KL-403")
        .hasMessageContaining("org/example/Gone")
        .hasMessageContaining("Fix: ");
    var known = ErrorCode.TABLE_MISSING.error();
    assertThat(JobMain.known(new IllegalStateException(known))).isSameAs(known);
  }

  @Test
  void theLastLineSaysWhatMovedAndWhatToKnow() {
    assertThat(new JobReport(3, 2, 1).noting(List.of("silver.a holds no row")))
        .hasToString(
            "3 events in, 2 rows out, 1 quarantined: SELECT * FROM ops.quarantine WHERE"
                + " state = 'open' says why; silver.a holds no row");
  }
}
