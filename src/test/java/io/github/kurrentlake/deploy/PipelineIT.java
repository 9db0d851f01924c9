package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/pipelines.md}, in their order. */
@Tag("long")
class PipelineIT {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir private Path directory;

  @Test
  void thePageLeadsFromAFileOfEventsToGold() throws Exception {
    Files.createDirectory(directory.resolve("jobs"));
    Files.copy(Path.of("jobs", "orders.jsonl"), directory.resolve("jobs/orders.jsonl"));
    var commands = new CommandLine(directory);
    var outputs = new ArrayList<String>();
    for (var command : commands()) {
      var ended = commands.run(command.toArray(String[]::new));
      assertThat(ended.code()).as("%s: %s%s", command, ended.out(), ended.err()).isZero();
      outputs.add(ended.out());
    }
    assertThat(outputs).hasSize(8);
    assertThat(outputs.get(0)).containsPattern("order +OrderPlaced +48 ");
    assertThat(outputs.get(1)).contains("silver.order_placed_lines  5 columns of 48 of 48");
    assertThat(outputs.get(2)).contains("is made, with 15 columns", "69 events wait");
    assertThat(outputs.get(3)).contains("48 streams in gold.order_state", "Report: ");
    assertThat(outputs.get(4)).contains("9007199254740993", "(48 rows)");
    assertThat(outputs.get(5)).containsPattern("S\\d{3} +\\d+");
    assertThat(outputs.get(6)).contains("nothing is missing, doubled or altered");
    assertThat(outputs.get(7)).contains("reads every event type and every key");
    assertThat(directory.resolve("orders/README.md")).content().contains("OrderPlaced");
    assertThat(directory.resolve("orders/workflow.json")).content().contains("PipelineSilver");
    assertThat(directory.resolve("orders/databricks.yml")).content().contains("PipelineSilver");
  }

  @Test
  void aFolderThatIsWrongIsRefusedBeforeAnythingRuns() throws Exception {
    var folder = Files.createDirectory(directory.resolve("broken"));
    Files.writeString(folder.resolve("pipeline.yaml"), "name: Broken\n");
    var ended = new CommandLine(directory).run("run", "--pipeline", "broken", "--loans", "1");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("KL-108", "line 1: ", "category", "projections");
    assertThat(directory.resolve("lakehouse")).doesNotExist();
  }

  private static List<List<String>> commands() throws Exception {
    var page = Files.readString(Path.of("docs", "pipelines.md"));
    var begin = page.indexOf("```sh\n");
    return page.substring(begin, page.indexOf("```\n", begin + 1))
        .lines()
        .filter(line -> line.startsWith("./jobs/kurrentlake "))
        .map(PipelineIT::words)
        .toList();
  }

  private static List<String> words(String line) {
    return WORD.matcher(line)
        .results()
        .skip(1)
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toList();
  }
}
