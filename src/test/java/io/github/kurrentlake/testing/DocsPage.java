package io.github.kurrentlake.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A page of {@code docs}, a block of which is made from code. */
public record DocsPage(String name) {

  /** What stands between the comments {@code <!-- name -->} and {@code <!-- end -->}. */
  public void hasBlock(String block, String text) throws IOException {
    var path = Path.of("docs", name);
    var page = Files.readString(path);
    var begin = "<!-- %s -->\n".formatted(block);
    assertThat(page).contains(begin);
    var head = page.substring(0, page.indexOf(begin) + begin.length());
    var tail = page.substring(page.indexOf("<!-- end -->", head.length()));
    MadeFromCode.assertIs(path, head + text + tail);
  }

  /** A table of these options of a source. */
  public static String options(List<Setting<?>> settings) {
    return "| Option | Default | Meaning |\n| --- | --- | --- |\n"
        + settings.stream()
            .map(
                setting ->
                    "| `%s` | %s | %s. |\n"
                        .formatted(setting.name(), fallback(setting), setting.description()))
            .collect(Collectors.joining());
  }

  /** A table of these settings of a task. */
  public static String settings(List<Setting<?>> settings) {
    return "| Setting | Variable | Default | Meaning |\n| --- | --- | --- | --- |\n"
        + settings.stream()
            .map(
                setting ->
                    "| `--%s` | `%s` | %s | %s. |\n"
                        .formatted(
                            setting.name(),
                            setting.variable(),
                            fallback(setting),
                            setting.description()))
            .collect(Collectors.joining());
  }

  private static String fallback(Setting<?> setting) {
    return switch (setting.presence()) {
      case REQUIRED -> "must be given";
      case OPTIONAL -> setting.fallback().map("`%s`"::formatted).orElse("-");
    };
  }
}
