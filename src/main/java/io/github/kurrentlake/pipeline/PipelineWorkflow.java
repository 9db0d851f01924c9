package io.github.kurrentlake.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kurrentlake.gold.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The workflow of a pipeline, as Databricks' Jobs API takes it: a task for Bronze, one for each
 * Silver table, and one for Gold.
 */
public final class PipelineWorkflow {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BRONZE = "bronze";
  private static final List<String> SHARED =
      List.of(
          "--catalog={{job.parameters.catalog}}",
          "--run-id={{job.run_id}}",
          "--pipeline={{job.parameters.pipeline}}");

  private PipelineWorkflow() {}

  /**
   * The workflow as JSON.
   *
   * @param folder where the tasks find the pipeline's folder, such as one in a volume
   */
  public static String json(Pipeline pipeline, String folder) {
    try (var template = PipelineWorkflow.class.getResourceAsStream("workflow.json")) {
      var root = (ObjectNode) JSON.readTree(template);
      root.put("name", pipeline.name() + "_pipeline");
      ((ObjectNode) root.path("tags")).put("pipeline", pipeline.name());
      for (JsonNode parameter : root.path("parameters")) {
        if (parameter.path("name").asText().equals(PipelineSettings.PIPELINE.name())) {
          ((ObjectNode) parameter).put("default", folder);
        }
      }
      addTasks(pipeline, root);
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addTasks(Pipeline pipeline, ObjectNode root) {
    add(
        root,
        BRONZE,
        List.of(),
        PipelineBronze.class,
        List.of(
            "--endpoint={{job.parameters.endpoint}}",
            "--batch-size={{job.parameters.batch_size}}",
            "--tls-ca={{job.parameters.tls_ca}}"));
    var silver = new ArrayList<String>();
    for (var projection : pipeline.lifecycle().projections()) {
      var key = "silver_" + projection.name();
      add(
          root,
          key,
          List.of(BRONZE),
          PipelineSilver.class,
          List.of("--%s=%s".formatted(PipelineSettings.PROJECTION.name(), projection.name())));
      silver.add(key);
    }
    add(root, "gold", silver, PipelineGold.class, List.of());
  }

  private static void add(
      ObjectNode root,
      String key,
      List<String> dependencies,
      Class<?> mainClass,
      List<String> parameters) {
    var task = root.withArray("tasks").addObject().put("task_key", key);
    dependencies.forEach(
        dependency -> task.withArray("depends_on").addObject().put("task_key", dependency));
    task.put("job_cluster_key", root.at("/job_clusters/0/job_cluster_key").asText());
    var jar = task.putObject("spark_jar_task").put("main_class_name", mainClass.getName());
    SHARED.forEach(jar.withArray("parameters")::add);
    parameters.forEach(jar.withArray("parameters")::add);
    task.putArray("libraries")
        .addObject()
        .put("jar", "/Volumes/loan_lakehouse/ops/lib/kurrentlake.jar");
    task.put("max_retries", 2)
        .put("min_retry_interval_millis", 60_000)
        .put("timeout_seconds", 14_400);
  }
}
