package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LakebasePageTest {

  @Test
  void thePageListsEveryOptionWithItsDefaultAndNoOther() throws IOException {
    var page = Files.readString(Path.of("docs", "lakebase-source.md"));
    var options = page.substring(page.indexOf("## Options"), page.indexOf("## Preparing"));
    var rows =
        options
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|"))
            .map(cells -> cells[1].strip() + " " + cells[2].strip())
            .toList();
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            LakebaseOption.ALL.stream()
                .map(
                    option ->
                        "`%s` %s"
                            .formatted(
                                option.name(),
                                option.fallback().map(text -> "`" + text + "`").orElse("-")))
                .toList());
  }
}
