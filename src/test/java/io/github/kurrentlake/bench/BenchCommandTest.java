package io.github.kurrentlake.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user starts it, in a JVM of its own, with sizes that show nothing but work. */
@Tag("long")
class BenchCommandTest {
  private static final List<String> ROWS =
      List.of(
          "floor-drain",
          "floor-drain-write",
          "bronze",
          "guide-bronze",
          "silver",
          "guide-silver",
          "read-model",
          "lifecycle",
          "growth-1k",
          "layout-plain",
          "layout-partitioned",
          "gold-refresh-2k",
          "gold-idle-2k",
          "gold-rebuild-2k",
          "reconcile-full",
          "reconcile-unchanged",
          "replay-first-projection",
          "replay",
          "follow",
          "hours-plain",
          "hours-maintained");

  @TempDir Path directory;

  @Test
  void everyRowIsInTheTableAndInTheJson() throws Exception {
    var json = directory.resolve("figures.json");
    var table = bench(json);
    assertThat(table.lines().map(line -> line.split(" ", 2)[0])).containsAll(ROWS);
    assertThat(table).contains("target: at least 10");

    var rows = new ObjectMapper().readTree(json.toFile()).get("rows");
    var names =
        StreamSupport.stream(rows.spliterator(), false)
            .map(row -> row.get("name").textValue())
            .toList();
    assertThat(names).containsExactlyInAnyOrderElementsOf(ROWS);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.get("seconds").doubleValue()).isPositive();
              assertThat(row.get("rounds")).hasSize(1);
              assertThat(row.get("events_per_second").doubleValue())
                  .isEqualTo(row.get("events").longValue() / row.get("seconds").doubleValue());
            });
    assertThat(row(rows, "floor-drain").get("events").longValue()).isEqualTo(2000);
    assertThat(row(rows, "floor-drain-write").get("events").longValue()).isEqualTo(2000);
    assertThat(row(rows, "bronze").get("events").longValue()).isEqualTo(2000);
    assertThat(row(rows, "guide-bronze").get("events").longValue()).isEqualTo(2000);
    assertThat(row(rows, "silver").get("events").longValue())
        .isEqualTo(row(rows, "guide-silver").get("events").longValue())
        .isGreaterThan(1900);
    assertThat(row(rows, "read-model").get("events").longValue())
        .isEqualTo(row(rows, "lifecycle").get("events").longValue());
    assertThat(row(rows, "growth-1k").get("events").longValue()).isEqualTo(300);
    assertThat(row(rows, "floor-drain").get("bytes_per_event").doubleValue())
        .isBetween(300.0, 800.0);
    assertThat(row(rows, "layout-partitioned").get("files").doubleValue())
        .isGreaterThan(row(rows, "layout-plain").get("files").doubleValue());
    assertThat(row(rows, "gold-refresh-2k").get("events").longValue()).isEqualTo(1000);
    assertThat(row(rows, "gold-idle-2k").get("events").longValue()).isZero();
    assertThat(row(rows, "gold-rebuild-2k").get("events").longValue()).isEqualTo(2000);
    try (var left = Files.list(directory)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("figures.json", "stdout", "stderr");
    }
  }

  private String bench(Path json) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("jobs", "java.options"));
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), "io.github.kurrentlake.cli.Kurrentlake"));
    command.addAll(
        List.of("bench", "--rounds", "1", "--events", "2000", "--growth", "1000,2000", "--cold"));
    command.addAll(List.of("--increment", "300", "--layout-events", "60", "--hourly-events", "20"));
    command.addAll(List.of("--gold", "2000", "--follow", "5", "--hours", "2"));
    command.addAll(
        List.of(
            "--only",
            "floor,bronze,guide-bronze,silver,guide-silver,read-model,lifecycle,growth-1k,layout-plain,"
                + "layout-partitioned,gold,reconcile,replay,follow,hours"));
    command.addAll(List.of("--json", json.toString(), "--work", directory.toString()));
    var stdout = directory.resolve("stdout");
    var stderr = directory.resolve("stderr");
    var ended =
        new ProcessBuilder(command)
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile())
            .start()
            .waitFor();
    assertThat(ended).as(Files.readString(stderr)).isZero();
    return Files.readString(stdout);
  }

  private static JsonNode row(JsonNode rows, String name) {
    return StreamSupport.stream(rows.spliterator(), false)
        .filter(row -> row.get("name").textValue().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
