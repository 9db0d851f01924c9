package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.DataSecurityMode;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.JobParameterDefinition;
import com.databricks.sdk.service.jobs.Task;
import com.databricks.sdk.service.jobs.TaskDependency;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code workflow.json} against Databricks' own model of a job, and against the code it names. */
class WorkflowJsonTest {
  private static final Path FILE = Path.of("workflow.json");
  private static final List<String> SILVER =
      List.of(
          "silver_loan_requested",
          "silver_credit_checked",
          "silver_loan_auto_decisioned",
          "silver_loan_manual_decisioned",
          "silver_automated_summary");
  private static final Map<String, String> MAIN_CLASSES =
      Map.of(
          "bronze_ingest", "BronzeIngest",
          "silver_loan_requested", "SilverLoanRequested",
          "silver_credit_checked", "SilverCreditChecked",
          "silver_loan_auto_decisioned", "SilverLoanAutoDecisioned",
          "silver_loan_manual_decisioned", "SilverLoanManualDecisioned",
          "silver_automated_summary", "SilverAutomatedSummary",
          "gold_loan_lifecycle", "GoldLoanLifecycle");

  private static CreateJob job;

  @BeforeAll
  static void parsesWithoutUnknownFields() throws IOException {
    job =
        new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .readValue(FILE.toFile(), CreateJob.class);
  }

  @Test
  void bronzeComesFirstThenTheFiveSilverTasksThenGold() {
    assertThat(job.getName()).isEqualTo("loan_analytics_pipeline");
    assertThat(job.getTasks()).extracting(Task::getTaskKey).hasSize(7).doesNotHaveDuplicates();
    assertThat(dependencies("bronze_ingest")).isEmpty();
    assertThat(SILVER)
        .allSatisfy(key -> assertThat(dependencies(key)).containsExactly("bronze_ingest"));
    assertThat(dependencies("gold_loan_lifecycle")).containsExactlyInAnyOrderElementsOf(SILVER);
  }

  @Test
  void everyTaskRunsItsMainClassFromTheJarOnTheJobCluster() {
    assertThat(job.getTasks())
        .allSatisfy(
            task -> {
              assertThat(task.getSparkJarTask().getMainClassName())
                  .isEqualTo("io.github.kurrentlake.loans." + MAIN_CLASSES.get(task.getTaskKey()));
              assertThat(task.getJobClusterKey()).isEqualTo("kurrent-ingest");
              assertThat(task.getLibraries())
                  .singleElement()
                  .satisfies(library -> assertThat(library.getJar()).endsWith("/kurrentlake.jar"));
            });
    assertThat(job.getJobClusters())
        .singleElement()
        .satisfies(
            cluster -> {
              assertThat(cluster.getJobClusterKey()).isEqualTo("kurrent-ingest");
              assertThat(cluster.getNewCluster().getSparkVersion()).isEqualTo("17.3.x-scala2.13");
              assertThat(cluster.getNewCluster().getDataSecurityMode())
                  .isEqualTo(DataSecurityMode.SINGLE_USER);
            });
  }

  @Test
  void runsEveryHourAndNeverTwiceAtATime() {
    assertThat(job.getSchedule().getQuartzCronExpression()).isEqualTo("0 0 * * * ?");
    assertThat(job.getSchedule().getTimezoneId()).isEqualTo("UTC");
    assertThat(job.getMaxConcurrentRuns()).isEqualTo(1);
    assertThat(job.getQueue().getEnabled()).isFalse();
  }

  @Test
  void credentialsComeFromTheSecretScopeAndAreNoParameters() {
    assertThat(job.getJobClusters().iterator().next().getNewCluster().getSparkEnvVars())
        .containsOnly(
            Map.entry("KURRENTDB_USERNAME", "{{secrets/kurrentdb/username}}"),
            Map.entry("KURRENTDB_PASSWORD", "{{secrets/kurrentdb/password}}"));
    assertThat(job.getParameters())
        .extracting(JobParameterDefinition::getName)
        .containsExactly("catalog", "endpoint", "batch_size", "tls_ca", "timestamp_zone");
    assertThat(job.getParameters())
        .allSatisfy(parameter -> assertThat(parameter.getDefault()).isNotNull());
    assertThat(job.getTasks())
        .allSatisfy(
            task ->
                assertThat(task.getSparkJarTask().getParameters())
                    .noneMatch(parameter -> parameter.contains("secrets")));
  }

  private static List<String> dependencies(String key) {
    return job.getTasks().stream()
        .filter(task -> task.getTaskKey().equals(key))
        .flatMap(task -> Optional.ofNullable(task.getDependsOn()).stream())
        .flatMap(dependsOn -> dependsOn.stream())
        .map(TaskDependency::getTaskKey)
        .toList();
  }
}
