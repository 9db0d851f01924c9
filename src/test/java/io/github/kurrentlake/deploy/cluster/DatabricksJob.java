package io.github.kurrentlake.deploy.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.deploy.cluster.driver.Principal;
import io.github.kurrentlake.deploy.cluster.driver.Request;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job as Databricks' Jobs makes its tasks of it: each after those that it depends on, with the
 * job's parameters in place, and the secrets in the environment of its cluster.
 */
record DatabricksJob(WorkflowFile workflow, Map<String, String> environment) {
  private static final Pattern SECRET = Pattern.compile("\\{\\{secrets/([^/}]+/[^/}]+)}}");

  /**
   * Reads a job.
   *
   * @param secrets the workspace's secrets, by {@code scope/key}
   */
  static DatabricksJob read(Path file, Map<String, String> secrets) throws IOException {
    var environment = new HashMap<String, String>();
    for (var cluster : new ObjectMapper().readTree(file.toFile()).path("job_clusters")) {
      cluster
          .path("new_cluster")
          .path("spark_env_vars")
          .properties()
          .forEach(
              entry -> environment.put(entry.getKey(), value(entry.getValue().asText(), secrets)));
    }
    return new DatabricksJob(WorkflowFile.read(file), Map.copyOf(environment));
  }

  /** The tasks of a run, for one that overrides some of the job's parameters. */
  List<Request> tasks(Map<String, String> parameters, Principal principal) {
    return workflow.tasks().stream()
        .map(
            task ->
                new Request(
                    task.key(), task.mainClass(), workflow.arguments(task, parameters), principal))
        .toList();
  }

  private static String value(String text, Map<String, String> secrets) {
    return SECRET
        .matcher(text)
        .replaceAll(
            match -> {
              var secret = secrets.get(match.group(1));
              if (secret == null) {
                throw new IllegalArgumentException("no such secret: " + match.group(1));
              }
              return Matcher.quoteReplacement(secret);
            });
  }
}
