package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.settings.Setting.Presence;
import io.github.kurrentlake.testing.DocsPage;
import io.github.kurrentlake.testing.MadeFromCode;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The settings of all tasks that the workflows have. */
class SettingsPageTest {
  private static final List<WorkflowFile> WORKFLOWS =
      List.of(
          WorkflowFile.read(Path.of("workflow.json")),
          WorkflowFile.read(Path.of("jobs", "lakebase-workflow.json")),
          WorkflowFile.read(Path.of("jobs", "read-model.json")),
          WorkflowFile.read(Path.of("jobs", "maintenance.json")),
          WorkflowFile.read(Path.of("jobs", "replay.json")),
          WorkflowFile.read(Path.of("jobs", "continuous.json")));

  private static final String INTRODUCTION =
      """
      # Settings of the tasks

      A setting is given as `--name VALUE` or `--name=VALUE`, else by its environment variable, else it has
      its default; an empty value counts as not given. `--help` prints these tables too. Where secrets are
      is no setting: see [secrets](databricks.md#secrets).
      """;

  @Test
  void thePageListsTheSettingsOfEveryTask() throws IOException {
    var sections = new TreeMap<String, String>();
    for (var workflow : WORKFLOWS) {
      for (var task : workflow.tasks()) {
        sections.put(task.mainClass(), DocsPage.settings(task.job().settings()));
      }
    }
    var page = new StringBuilder(INTRODUCTION);
    sections.forEach((name, table) -> page.append("\n## `%s`\n\n%s".formatted(name, table)));
    MadeFromCode.assertIs(Path.of("docs", "settings.md"), page.toString());
  }

  @Test
  void theGuidesJobParametersHaveTheDefaultsOfTheSettings() {
    var workflow = WORKFLOWS.get(0);
    for (var task : workflow.tasks()) {
      for (var setting : task.job().settings()) {
        var parameter = setting.name().replace('-', '_');
        if (setting.presence() == Presence.OPTIONAL
            && workflow.parameters().containsKey(parameter)) {
          assertThat(workflow.parameters().get(parameter))
              .as(parameter)
              .isEqualTo(setting.fallback().orElse(""));
        }
      }
    }
  }
}
