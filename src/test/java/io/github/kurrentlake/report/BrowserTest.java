package io.github.kurrentlake.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.report.Fact.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a browser shows it. */
@Tag("browser")
class BrowserTest {
  private static final String HOSTILE = "</data><script>document.title = 'theirs'</script>\"'&";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"1280,900", "390,844"})
  void eachChartIsDrawnAndNoTextBecomesScript(String size) throws Exception {
    var page =
        Page.of(
            "Ours",
            Instant.EPOCH,
            List.of(new Fact(HOSTILE, HOSTILE, State.BAD)),
            List.of(
                figure(
                    Chart.LINE,
                    List.of("Began", "Waited, s", "Took, s", "Events"),
                    List.of(
                        List.of(Instant.EPOCH, 59_615_853.7, 82.3, 1L),
                        List.of(Instant.ofEpochSecond(60), 3.5, 1.25, 2L))),
                figure(Chart.BARS, List.of("Name", "Number"), List.of(List.of(HOSTILE, 7L))),
                figure(Chart.BARS, List.of("Name", "Number"), List.of()),
                figure(
                    Chart.STACKED,
                    List.of("Day", "Reason", "Events"),
                    List.of(
                        List.of("2026-01-01", HOSTILE, 7L), List.of("2026-01-02", "missing", 9L))),
                figure(Chart.NONE, List.of(HOSTILE), List.of(Collections.singletonList(null)))));
    var shown = shown(Files.writeString(directory.resolve("page.html"), page), size);

    assertThat(shown).contains("<title>Ours, 1970-01-01 00:00:00 UTC</title>");
    assertThat(Pattern.compile("<svg").matcher(shown).results().count()).isEqualTo(3);
    assertThat(shown)
        .contains(">Took, s</text>", ">missing</text>")
        .doesNotContain(">Events</text>");
  }

  private static Figure figure(Chart chart, List<String> columns, List<List<Object>> rows) {
    return new Figure(HOSTILE, HOSTILE, chart, columns, rows);
  }

  /** The page's elements once its scripts have run. */
  private String shown(Path page, String size) throws Exception {
    var errors = directory.resolve("errors");
    var browser =
        new ProcessBuilder(
                Optional.ofNullable(System.getenv("BROWSER")).orElse("chromium"),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--window-size=" + size,
                "--virtual-time-budget=5000",
                "--dump-dom",
                page.toUri().toString())
            .redirectError(errors.toFile())
            .start();
    var shown = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(browser.waitFor()).as(() -> "see " + errors).isZero();
    return shown;
  }
}
