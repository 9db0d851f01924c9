package io.github.kurrentlake.loans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.LakebaseClient;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.testing.Postgres;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LakebaseSetupTest {
  record LoanReview(
      long reviewId, String stream, String reviewer, String status, BigDecimal offeredAmount) {}

  @Test
  void theTaskMakesTheApplicationsTablesAndCanBeRunAgain() {
    var database = (PostgresUrl) Postgres.database(LakebaseSetupTest.class);

    run(database, "--mode=plan");
    try (var lakebase = LakebaseClient.to(database)) {
      assertThat(lakebase.plan(LakebaseSetup.tables())).isNotEmpty();
      run(database, "--mode=apply");
      run(database, "--mode=");
      assertThat(lakebase.plan(LakebaseSetup.tables())).isEmpty();

      var before = Instant.now().minusSeconds(1);
      lakebase
          .table("app.loan_review", "review_id")
          .insert(Map.of("stream", "loanRequest-1", "reviewer", "Ann"));
      assertThat(
              lakebase.query(
                  LoanReview.class, "SELECT * FROM app.loan_review WHERE updated_at > ?", before))
          .containsExactly(new LoanReview(1, "loanRequest-1", "Ann", "open", null));
    }
    assertThatThrownBy(() -> run(database, "--mode=maybe")).hasMessageContaining("KL-102");
  }

  private static void run(PostgresUrl database, String mode) {
    var password = ((SecretPlace.InFile) database.password()).path();
    var environment = Environment.ofProcess().with(Map.of("LAKEBASE_PASSWORD_FILE", password));
    var job = new LakebaseSetup();
    var settings =
        Settings.parse(job.settings(), List.of("--lakebase=" + database, mode), environment);
    // It asks nothing of Spark.
    assertThat(job.run(null, settings, Progress.unwatched())).isEqualTo(JobReport.nothingNew());
  }
}
