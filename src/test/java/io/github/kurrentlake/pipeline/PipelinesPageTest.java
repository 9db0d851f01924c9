package io.github.kurrentlake.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.testing.DocsPage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code docs/pipelines.md} says what {@code pipeline.schema.json} says. */
class PipelinesPageTest {
  private static final DocsPage PAGE = new DocsPage("pipelines.md");

  /** By the name of a form its heading. */
  private static final Map<String, String> FORMS = new LinkedHashMap<>();

  static {
    FORMS.put("", "The file");
    FORMS.put("projection", "Each of `projections`");
    FORMS.put("column", "Each of a projection's `columns`");
    FORMS.put("lives", "`lives`");
    FORMS.put("gold", "Each of `gold`");
    FORMS.put("gold_column", "Each of a Gold table's `columns`");
  }

  @Test
  void everyKeyIsExplained() throws IOException {
    var schema = new ObjectMapper().readTree(Yaml.class.getResource(Yaml.SCHEMA));
    var text = new StringBuilder();
    FORMS.forEach(
        (name, heading) -> {
          var form = name.isEmpty() ? schema : schema.path("$defs").path(name);
          text.append("\n### ").append(heading).append("\n\n| key | | meaning |\n|---|---|---|\n");
          for (var property : form.path("properties").properties()) {
            text.append(
                "| `%s` | %s | %s. |\n"
                    .formatted(
                        property.getKey(),
                        isRequired(form, property.getKey()) ? "required" : "",
                        property.getValue().path("description").asText()));
          }
        });
    PAGE.hasBlock("reference", text + "\n");
  }

  @Test
  void theSettingsOfTheTasksAreThere() throws IOException {
    PAGE.hasBlock(
        "settings",
        "\n"
            + DocsPage.settings(List.of(PipelineSettings.PIPELINE, PipelineSettings.PROJECTION))
            + "\n");
  }

  private static boolean isRequired(JsonNode form, String key) {
    for (var required : form.path("required")) {
      if (required.asText().equals(key)) {
        return true;
      }
    }
    return false;
  }
}
