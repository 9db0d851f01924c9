package io.github.kurrentlake.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A workflow as Databricks' Jobs API 2.2 takes it, reduced to what a run of its graph needs. It is
 * checked when it is read: every dependency and every job parameter reference resolves, and the
 * graph has no circle.
 *
 * @param name the job's name
 * @param tasks in an order in which every task stands after those it depends on
 * @param parameters the job parameters with their defaults, in the file's order
 */
public record WorkflowFile(String name, List<WorkflowTask> tasks, Map<String, String> parameters) {
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{(.*?)}}");
  private static final String JOB_PARAMETER = "job.parameters.";

  /** Databricks' number of a run, which a run here does not have. */
  private static final String JOB_RUN_ID = "job.run_id";

  public WorkflowFile {
    tasks = List.copyOf(tasks);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * Reads and checks a workflow file.
   *
   * @throws KurrentlakeException KL-104 when it cannot be read, KL-402 when it is not a workflow
   *     that can be run
   */
  public static WorkflowFile read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (KurrentlakeException e) {
      throw e.with("file", file);
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", file).causedBy(e);
    }
  }

  /**
   * Checks the text of a workflow file.
   *
   * @throws KurrentlakeException KL-402 when it is not a workflow that can be run
   */
  public static WorkflowFile parse(String json) {
    try {
      var root = new ObjectMapper().readTree(json);
      if (root == null || !root.isObject()) {
        throw bad("the file is not a JSON object");
      }
      return checked(root);
    } catch (JsonProcessingException e) {
      throw bad("not JSON: " + e.getOriginalMessage())
          .with("line", e.getLocation().getLineNr())
          .causedBy(e);
    }
  }

  /**
   * The task with this key.
   *
   * @throws KurrentlakeException KL-401 when there is none
   */
  public WorkflowTask task(String key) {
    return tasks.stream()
        .filter(task -> task.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.UNKNOWN_TASK
                    .error()
                    .with("task", key)
                    .with(
                        "task keys",
                        tasks.stream().map(WorkflowTask::key).collect(Collectors.joining(", "))));
  }

  /**
   * The arguments of a task's main method, with every job parameter in its place.
   *
   * @param overrides values for job parameters that replace their defaults
   * @throws KurrentlakeException KL-402 for an override of a job parameter that the workflow does
   *     not have: its value would reach no task
   */
  public List<String> arguments(WorkflowTask task, Map<String, String> overrides) {
    return arguments(task, overrides, "");
  }

  /**
   * The same in a run.
   *
   * @param runId what all tasks of the run are found by
   */
  List<String> arguments(WorkflowTask task, Map<String, String> overrides, String runId) {
    var values = new LinkedHashMap<>(parameters);
    overrides.forEach(
        (parameter, value) -> {
          if (values.replace(parameter, value) == null) {
            throw noParameter(parameter);
          }
        });
    return task.parameters().stream()
        .map(parameter -> substitute(parameter, values, runId))
        .toList();
  }

  private String substitute(String text, Map<String, String> values, String runId) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> {
              var reference = match.group(1).strip();
              if (reference.equals(JOB_RUN_ID)) {
                return runId;
              }
              if (!reference.startsWith(JOB_PARAMETER)) {
                throw bad("only {{job.parameters.NAME}} and {{job.run_id}} can be referred to")
                    .with("reference", match.group());
              }
              var value = values.get(reference.substring(JOB_PARAMETER.length()));
              if (value == null) {
                throw noParameter(reference.substring(JOB_PARAMETER.length()));
              }
              return Matcher.quoteReplacement(value);
            });
  }

  private KurrentlakeException noParameter(String parameter) {
    return bad("the workflow has no such job parameter")
        .with("job parameter", parameter)
        .with("job parameters", String.join(", ", parameters.keySet()));
  }

  private static WorkflowFile checked(JsonNode root) {
    var parameters = new LinkedHashMap<String, String>();
    for (var parameter : root.path("parameters")) {
      parameters.put(text(parameter, "name"), text(parameter, "default"));
    }
    var tasks = new LinkedHashMap<String, WorkflowTask>();
    for (var node : root.path("tasks")) {
      var task = task(node);
      if (tasks.put(task.key(), task) != null) {
        throw bad("two tasks have this key").with("task", task.key());
      }
    }
    if (tasks.isEmpty()) {
      throw bad("the workflow has no tasks");
    }
    for (var task : tasks.values()) {
      for (var dependency : task.dependencies()) {
        if (!tasks.containsKey(dependency)) {
          throw bad("a task depends on one that does not exist")
              .with("task", task.key())
              .with("depends on", dependency)
              .with("task keys", String.join(", ", tasks.keySet()));
        }
      }
    }
    var workflow =
        new WorkflowFile(root.path("name").asText("workflow"), inOrder(tasks), parameters);
    workflow.tasks().forEach(task -> workflow.arguments(task, Map.of()));
    return workflow;
  }

  private static WorkflowTask task(JsonNode node) {
    var key = text(node, "task_key");
    var jar = node.path("spark_jar_task");
    if (!jar.isObject()) {
      throw bad("the task has no spark_jar_task").with("task", key);
    }
    return new WorkflowTask(
        key,
        stream(node.path("depends_on"))
            .map(dependency -> text(dependency, "task_key"))
            .distinct()
            .toList(),
        text(jar, "main_class_name"),
        stream(jar.path("parameters")).map(JsonNode::asText).toList());
  }

  /** Repeatedly takes what depends on nothing that is left; what cannot be taken is a circle. */
  private static List<WorkflowTask> inOrder(Map<String, WorkflowTask> tasks) {
    var ordered = new ArrayList<WorkflowTask>();
    Set<String> taken = new HashSet<>();
    var left = new ArrayList<>(tasks.values());
    while (!left.isEmpty()) {
      var ready = left.stream().filter(task -> taken.containsAll(task.dependencies())).toList();
      if (ready.isEmpty()) {
        throw bad("tasks depend on each other in a circle")
            .with("tasks", left.stream().map(WorkflowTask::key).collect(Collectors.joining(", ")));
      }
      ordered.addAll(ready);
      ready.forEach(task -> taken.add(task.key()));
      left.removeAll(ready);
    }
    return ordered;
  }

  private static String text(JsonNode node, String field) {
    var value = node.path(field);
    if (!value.isValueNode() || value.isNull()) {
      throw bad("a field is missing or is not a text")
          .with("field", field)
          .with("in", node.toString());
    }
    return value.asText();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static KurrentlakeException bad(String reason) {
    return ErrorCode.BAD_WORKFLOW.error().with("reason", reason);
  }
}
