package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.databricks.sdk.service.compute.DataSecurityMode;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.Task;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.workflow.WorkflowFile;
import io.github.kurrentlake.workflow.WorkflowTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code jobs/lakebase-workflow.json} against Databricks' model of a job, and against the code. */
class LakebaseWorkflowTest {
  private static final Path FILE = Path.of("jobs", "lakebase-workflow.json");

  private final WorkflowFile workflow = WorkflowFile.read(FILE);

  @Test
  void eachTaskFollowsTheOneBeforeOnOneCluster() throws IOException {
    var job =
        new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .readValue(FILE.toFile(), CreateJob.class);
    assertThat(workflow.tasks())
        .extracting(WorkflowTask::key, WorkflowTask::dependencies)
        .containsExactly(
            tuple("lakebase_setup", List.of()),
            tuple("lakebase_ingest", List.of("lakebase_setup")),
            tuple("silver_loan_review_history", List.of("lakebase_ingest")),
            tuple("gold_loan_reviews", List.of("silver_loan_review_history")),
            tuple("lakebase_sync", List.of("gold_loan_reviews")));
    assertThat(job.getTasks()).extracting(Task::getJobClusterKey).containsOnly("lakebase");
    assertThat(job.getJobClusters())
        .singleElement()
        .satisfies(
            cluster -> {
              assertThat(cluster.getJobClusterKey()).isEqualTo("lakebase");
              assertThat(cluster.getNewCluster().getDataSecurityMode())
                  .isEqualTo(DataSecurityMode.SINGLE_USER);
            });
    assertThat(job.getMaxConcurrentRuns()).isEqualTo(1);
  }

  /** A JAR task's driver need not have an identity that the SDK finds. */
  @Test
  void theClusterNamesItsIdentityByTheSecretScope() throws IOException {
    var cluster = new ObjectMapper().readTree(FILE.toFile()).at("/job_clusters/0/new_cluster");
    assertThat(cluster.get("spark_env_vars").properties())
        .extracting(Map.Entry::getKey, variable -> variable.getValue().textValue())
        .containsExactlyInAnyOrder(
            tuple("DATABRICKS_HOST", "{{secrets/lakebase/host}}"),
            tuple("DATABRICKS_CLIENT_ID", "{{secrets/lakebase/client_id}}"),
            tuple("DATABRICKS_CLIENT_SECRET", "{{secrets/lakebase/client_secret}}"));
  }
}
