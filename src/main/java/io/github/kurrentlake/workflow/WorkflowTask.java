package io.github.kurrentlake.workflow;

import java.util.List;

/**
 * One task of a workflow.
 *
 * @param key the task's name in the workflow
 * @param dependencies keys of the tasks that must have succeeded before
 * @param mainClass fully qualified name of the class that does the work
 * @param parameters the arguments of its main method, still with job parameter references
 */
public record WorkflowTask(
    String key, List<String> dependencies, String mainClass, List<String> parameters) {

  public WorkflowTask {
    dependencies = List.copyOf(dependencies);
    parameters = List.copyOf(parameters);
  }
}
