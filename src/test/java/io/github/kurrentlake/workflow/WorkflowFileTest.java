package io.github.kurrentlake.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowFileTest {
  @TempDir Path directory;

  @Test
  void tasksComeAfterThoseTheyDependOn() throws IOException {
    var workflow =
        read(
            """
            {"tasks": [
              {"task_key": "last", "depends_on": [{"task_key": "first"}, {"task_key": "middle"}],
               "spark_jar_task": {"main_class_name": "a.Last"}},
              {"task_key": "middle", "depends_on": [{"task_key": "first"}],
               "spark_jar_task": {"main_class_name": "a.Middle"}},
              {"task_key": "first", "spark_jar_task": {"main_class_name": "a.First"}}]}
            """);

    assertThat(workflow.tasks())
        .extracting(WorkflowTask::key)
        .containsExactly("first", "middle", "last");
    assertThat(workflow.task("last").dependencies()).containsExactly("first", "middle");
    assertThat(workflow.task("last").mainClass()).isEqualTo("a.Last");
  }

  @Test
  void jobParametersTakeTheirDefaultUnlessOverridden() throws IOException {
    var workflow = read(oneTask("--catalog={{job.parameters.catalog}}", "{{ job.parameters.n }}"));
    var task = workflow.task("only");

    assertThat(workflow.arguments(task, Map.of())).containsExactly("--catalog=lake", "7");
    assertThat(workflow.arguments(task, Map.of("catalog", "/a b/$1\\{{x}}")))
        .containsExactly("--catalog=/a b/$1\\{{x}}", "7");
  }

  @Test
  void anOverrideThatNoTaskCouldReceiveIsRefused() throws IOException {
    var workflow = read(oneTask("--catalog={{job.parameters.catalog}}"));

    assertFails(
        () -> workflow.arguments(workflow.task("only"), Map.of("endpoint", "x")),
        ErrorCode.BAD_WORKFLOW,
        "job parameter: endpoint");
  }

  @Test
  void anUnknownTaskKeyListsTheKnownOnes() throws IOException {
    var workflow = read(oneTask());

    assertFails(() -> workflow.task("onyl"), ErrorCode.UNKNOWN_TASK, "task keys: only");
  }

  @Test
  void aReferenceToAnUnknownJobParameterIsRefused() {
    assertBad(oneTask("--x={{job.parameters.missing}}"), "job parameter: missing");
  }

  @Test
  void aReferenceToSomethingElseIsRefused() {
    assertBad(oneTask("--x={{task.name}}"), "reference: {{task.name}}");
  }

  @Test
  void aCircleIsRefusedWithItsTasks() {
    assertBad(
        """
        {"tasks": [
          {"task_key": "start", "spark_jar_task": {"main_class_name": "a.A"}},
          {"task_key": "b", "depends_on": [{"task_key": "c"}, {"task_key": "start"}],
           "spark_jar_task": {"main_class_name": "a.B"}},
          {"task_key": "c", "depends_on": [{"task_key": "b"}],
           "spark_jar_task": {"main_class_name": "a.C"}}]}
        """,
        "tasks: b, c\n");
  }

  @Test
  void anUnknownDependencyIsRefused() {
    assertBad(
        """
        {"tasks": [{"task_key": "b", "depends_on": [{"task_key": "gone"}],
                    "spark_jar_task": {"main_class_name": "a.B"}}]}
        """,
        "depends on: gone");
  }

  @Test
  void aTaskKeyUsedTwiceIsRefused() {
    assertBad(
        """
        {"tasks": [{"task_key": "b", "spark_jar_task": {"main_class_name": "a.B"}},
                   {"task_key": "b", "spark_jar_task": {"main_class_name": "a.C"}}]}
        """,
        "two tasks have this key");
  }

  @Test
  void aTaskOfAnotherKindIsRefused() {
    assertBad(
        """
        {"tasks": [{"task_key": "b", "notebook_task": {"notebook_path": "/x"}}]}
        """,
        "no spark_jar_task");
  }

  @Test
  void aTaskWithoutAMainClassIsRefused() {
    assertBad(
        """
        {"tasks": [{"task_key": "b", "spark_jar_task": {}}]}
        """,
        "field: main_class_name");
  }

  @Test
  void whatIsNotJsonIsRefusedWithTheLine() {
    assertBad("{\n  \"tasks\": [,]}", "line: 2");
  }

  @Test
  void anEmptyFileIsRefused() {
    assertBad("", "not a JSON object");
  }

  @Test
  void aWorkflowWithoutTasksIsRefused() {
    assertBad("{}", "no tasks");
  }

  @Test
  void aMissingFileIsUnreadable() {
    var missing = directory.resolve("missing.json");
    assertFails(() -> WorkflowFile.read(missing), ErrorCode.UNREADABLE_FILE, "file: " + missing);
  }

  private static String oneTask(String... parameters) {
    return """
        {"parameters": [{"name": "catalog", "default": "lake"}, {"name": "n", "default": "7"}],
         "tasks": [{"task_key": "only",
           "spark_jar_task": {"main_class_name": "a.Only", "parameters": ["%s"]}}]}
        """
        .formatted(String.join("\", \"", parameters));
  }

  private WorkflowFile read(String json) throws IOException {
    return WorkflowFile.read(Files.writeString(directory.resolve("workflow.json"), json));
  }

  private void assertBad(String json, String detail) {
    assertFails(() -> read(json), ErrorCode.BAD_WORKFLOW, detail);
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code, String detail) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(detail);
  }
}
