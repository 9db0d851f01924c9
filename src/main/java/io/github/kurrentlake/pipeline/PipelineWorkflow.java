package io.github.kurrentlake.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.kurrentlake.gold.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The workflow of a pipeline, as Databricks' Jobs API takes it and as a bundle: a task for Bronze,
 * one for each Silver table, and one for Gold.
 */
public final class PipelineWorkflow {
  /** The file in which Databricks' CLI looks for a bundle. */
  public static final String BUNDLE = "databricks.yml";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(Feature.MINIMIZE_QUOTES, Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .disable(Feature.WRITE_DOC_START_MARKER, Feature.SPLIT_LINES)
          .build();
  private static final String JAR = "/Volumes/loan_lakehouse/ops/lib/kurrentlake.jar";
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
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(job(pipeline, folder)) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A bundle of the workflow, for {@link #BUNDLE} in the pipeline's folder: the folder is deployed
   * with it, and its tasks read it from there. The jar and what differs between workspaces are
   * variables.
   */
  public static String bundle(Pipeline pipeline) {
    var job = job(pipeline, "file:${workspace.file_path}");
    var root = JSON.createObjectNode();
    root.putObject("bundle").put("name", job.path("name").asText());
    var variables = root.putObject("variables");
    for (var name : List.of("catalog", "endpoint", "tls_ca")) {
      var parameter = parameter(job, name);
      var variable = variables.putObject(name);
      if (!name.equals("endpoint")) {
        variable.set("default", parameter.get("default"));
      }
      parameter.put("default", variable(name));
    }
    variables.putObject("jar").put("default", JAR);
    for (var task : job.path("tasks")) {
      ((ObjectNode) task.at("/libraries/0")).put("jar", variable("jar"));
    }
    root.putObject("resources").putObject("jobs").set(job.path("name").asText(), job);
    var targets = root.putObject("targets");
    // Its jobs have the developer's name in front, and no schedule.
    targets.putObject("dev").put("mode", "development").put("default", true);
    targets.putObject("prod");
    try {
      return YAML.writeValueAsString(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String variable(String name) {
    return "${var.%s}".formatted(name);
  }

  private static ObjectNode parameter(ObjectNode job, String name) {
    for (var parameter : job.path("parameters")) {
      if (parameter.path("name").asText().equals(name)) {
        return (ObjectNode) parameter;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static ObjectNode job(Pipeline pipeline, String folder) {
    try (var template = PipelineWorkflow.class.getResourceAsStream("workflow.json")) {
      var root = (ObjectNode) JSON.readTree(template);
      root.put("name", pipeline.name() + "_pipeline");
      ((ObjectNode) root.path("tags")).put("pipeline", pipeline.name());
      parameter(root, PipelineSettings.PIPELINE.name()).put("default", folder);
      addTasks(pipeline, root);
      return root;
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
    task.putArray("libraries").addObject().put("jar", JAR);
    task.put("max_retries", 2)
        .put("min_retry_interval_millis", 60_000)
        .put("timeout_seconds", 14_400);
  }
}
