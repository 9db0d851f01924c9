package io.github.kurrentlake.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.Task;
import com.databricks.sdk.service.jobs.TaskDependency;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The workflow of a pipeline, by Databricks' own model of a job, and by the tasks that it names.
 */
class PipelineWorkflowTest {
  private static final String YAML =
      """
      name: parcels
      category: parcel
      projections:
        - {table: posted, events: [Posted], columns: []}
        - {table: closed, events: [Delivered, Returned], columns: []}
      """;

  @TempDir private Path folder;
  private String json;

  @BeforeEach
  void make() throws IOException {
    Files.writeString(folder.resolve(PipelineFolder.FILE), YAML);
    json = PipelineWorkflow.json(PipelineFolder.read(folder), folder.toString());
  }

  @Test
  void databricksTakesIt() throws IOException {
    var job =
        new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .readValue(json, CreateJob.class);
    assertThat(job.getName()).isEqualTo("parcels_pipeline");
    assertThat(job.getTags()).containsEntry("pipeline", "parcels");
    assertThat(job.getTasks())
        .extracting(Task::getTaskKey)
        .containsExactly("bronze", "silver_posted", "silver_closed", "gold");
    assertThat(List.copyOf(job.getTasks()).get(3).getDependsOn())
        .extracting(TaskDependency::getTaskKey)
        .containsExactly("silver_posted", "silver_closed");
  }

  @Test
  void itsTasksAreThoseOfThePipeline() {
    var workflow = WorkflowFile.parse(json);
    var names =
        workflow.tasks().stream()
            .map(
                task -> {
                  var job = task.job();
                  var arguments =
                      workflow.arguments(
                          task, Map.of("endpoint", "grpc+tls://localhost:2113", "tls_ca", ""));
                  return job.name(
                      Settings.parse(job.settings(), arguments, Environment.ofProcess()));
                })
            .toList();
    assertThat(names)
        .containsExactly(
            "parcels: bronze.events",
            "parcels: silver.posted",
            "parcels: silver.closed",
            "parcels: gold.parcels");
  }
}
