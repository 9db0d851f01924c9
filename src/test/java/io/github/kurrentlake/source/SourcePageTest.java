package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SourcePageTest {

  @Test
  void thePageListsEveryOptionWithItsDefaultAndNoOther() throws IOException {
    var rows =
        Files.readAllLines(Path.of("docs", "source.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|"))
            .filter(cells -> cells.length == 4)
            .map(cells -> cells[1].strip() + " " + cells[2].strip())
            .toList();
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            SourceOption.ALL.stream()
                .map(
                    option ->
                        "`%s` %s"
                            .formatted(
                                option.name(),
                                option.fallback().map(text -> "`" + text + "`").orElse("-")))
                .toList());
  }
}
