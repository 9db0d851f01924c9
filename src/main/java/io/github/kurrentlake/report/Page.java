package io.github.kurrentlake.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.IntStream;

/** The page: every text in it is escaped, and nothing of it is loaded from elsewhere. */
final class Page {
  private static final Template TEMPLATE =
      Mustache.compiler().compile(resource(Page.class, "page.html"));

  private static final String ECHARTS =
      "/META-INF/resources/webjars/echarts/%s/echarts.common.min.js"
          .formatted(
              ResourceBundle.getBundle("io.github.kurrentlake.report.version")
                  .getString("echarts"));

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Page() {}

  static String of(String title, Instant at, List<Fact> facts, List<Figure> figures) {
    var shown = new ArrayList<Shown>();
    figures.forEach(figure -> shown.add(Shown.of(shown.size(), figure)));
    return TEMPLATE.execute(
        new Content(
            title,
            TIME.format(at),
            facts,
            shown,
            resource(Page.class, "page.css"),
            resource(Page.class, ECHARTS),
            resource(Page.class, "page.js")));
  }

  /** What the template names. */
  private record Content(
      String title,
      String at,
      List<Fact> facts,
      List<Shown> figures,
      String style,
      String echarts,
      String script) {}

  /** A figure in the page; it has no picture of no row. */
  private record Shown(
      String id,
      String title,
      String about,
      String chart,
      boolean hasChart,
      boolean hasRows,
      List<Heading> columns,
      List<List<Cell>> rows) {

    static Shown of(int number, Figure figure) {
      var hasRows = !figure.rows().isEmpty();
      var rows = figure.rows().stream().map(row -> row.stream().map(Cell::of).toList()).toList();
      var headings =
          IntStream.range(0, figure.columns().size())
              .mapToObj(
                  at ->
                      new Heading(
                          figure.columns().get(at),
                          rows.stream().anyMatch(row -> row.get(at).isNumber())))
              .toList();
      return new Shown(
          "figure-" + number,
          figure.title(),
          figure.about(),
          figure.chart().toString(),
          hasRows && figure.chart() != Chart.NONE,
          hasRows,
          headings,
          rows);
    }
  }

  /** What stands above a column. */
  private record Heading(String name, boolean isNumber) {}

  /**
   * A cell.
   *
   * @param text what is read
   * @param value what a picture is drawn of
   * @param isNumber whether it is set as one
   * @param isLong whether it is set in several lines
   */
  private record Cell(String text, String value, boolean isNumber, boolean isLong) {
    private static final int LINE = 40;

    static Cell of(Object value) {
      if (value instanceof Timestamp timestamp) {
        return of(timestamp.toInstant());
      } else if (value instanceof Instant instant) {
        return new Cell(TIME.format(instant), instant.toString(), false, false);
      } else if (value instanceof Number number) {
        var isWhole = value instanceof Long || value instanceof Integer;
        var format = isWhole ? "%,.0f" : "%,.1f";
        return new Cell(format.formatted(number.doubleValue()), number.toString(), true, false);
      }
      var text = value == null ? "" : value.toString();
      return new Cell(text, text, false, text.length() > LINE);
    }
  }

  private static String resource(Class<?> owner, String name) {
    try (var stream = owner.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
