package io.github.kurrentlake.workflow;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.Job;
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

  /**
   * A new instance of the main class.
   *
   * @throws KurrentlakeException KL-402 when it cannot be used
   */
  public Job job() {
    try {
      var loader = Thread.currentThread().getContextClassLoader();
      var type = Class.forName(mainClass, true, loader);
      return type.asSubclass(Job.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw ErrorCode.BAD_WORKFLOW
          .error()
          .with("reason", "the main class is not a public Job with a constructor without arguments")
          .with("main class", mainClass)
          .causedBy(e);
    }
  }
}
